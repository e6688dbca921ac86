/** An address of the source or of a host the profile names; undefined for any other, and for what is none. */
export function fileAddress(
  address: string,
  baseUrl: string,
  hosts: readonly string[],
): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return undefined;
  if (url.origin === new URL(baseUrl).origin) return url;
  return url.protocol === "https:" && hosts.includes(url.hostname) ? url : undefined;
}
