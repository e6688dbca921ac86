import { setImmediate as turn } from "node:timers/promises";

/**
 * Asks together for what is asked for in one turn of the event loop, so many names at once. `ask`
 * resolves to what gives each name its answer, or throws for that name alone.
 */
export function gathered<T>(
  most: number,
  ask: (names: readonly string[]) => Promise<(name: string) => T>,
): (name: string) => Promise<T> {
  let open:
    | { readonly names: string[]; readonly answers: Promise<(name: string) => T> }
    | undefined;
  const begin = () => {
    const names: string[] = [];
    const answers = turn().then(() => {
      if (open?.names === names) open = undefined;
      return ask(names);
    });
    return { names, answers };
  };
  return async (name) => {
    if (open === undefined || open.names.length === most) open = begin();
    const { names, answers } = open;
    names.push(name);
    return (await answers)(name);
  };
}
