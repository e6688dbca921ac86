/** Which of the web servers a request reaches: the one its cookie names, else the next in turn. */
export function affinityOf(): (
  cookie: string | undefined,
  servers: number,
) => { server: number; setCookie?: string } {
  let turn = 0;
  return (cookie, servers) => {
    const named = Number(
      /(?:^|;\s*)ARRAffinity=server-(\d+)/.exec(cookie ?? "")?.[1] ?? Number.NaN,
    );
    if (named < servers) return { server: named };
    turn = (turn + 1) % servers;
    return { server: turn, setCookie: `ARRAffinity=server-${turn};Path=/;HttpOnly` };
  };
}
