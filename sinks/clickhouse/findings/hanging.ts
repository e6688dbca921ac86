import { type Findings, found, type Values } from "./findings.ts";
import { isHard, isHostile } from "./text.ts";

/** Bytes of one comment at the destinations that have the smallest. */
const commentBytes = 4000;
const hugeBytes = 60_000_000;

/** A note; whether its job is there, and how many it has, the others tell. */
export function noteFindings({ body, job_id }: Values): Findings {
  const isLong = typeof body === "string" && Buffer.byteLength(body) > commentBytes;
  return found(
    [isHostile(body) && "html_hostile", isLong && "text_long", isHard(body) && "text_odd"],
    { job: job_id },
  );
}

/** Types that can be told from their first bytes, so that other bytes are not of them. */
const sniffed = new Set(["image/jpeg", "image/png", "application/pdf"]);

interface Bytes {
  readonly size: number;
  readonly mime_detected: string | null;
}

/** A file that is not what it says, empty, huge, not there, or oddly named. */
export function attachmentFindings(record: Values): Findings {
  const { file_name: name, mime_type: type, job_id: job } = record;
  const file = record["file"] as Bytes | null;
  const size = file?.size ?? Number(record["size"] ?? -1);
  const isProblem =
    typeof record["file_problem"] === "string" ||
    (typeof name === "string" && /[/\\:]/.test(name)) ||
    size === 0 ||
    size >= hugeBytes ||
    (file !== null && isOther(String(type), file.mime_detected));
  const isExpired =
    Number(record["url_expires_at"] ?? Infinity) < (record["meta"] as { read_at: number }).read_at;
  return found(
    [(isProblem || isExpired) && "file_problem"],
    typeof job === "string" && typeof name === "string" ? { file: `${job}\n${name}` } : {},
  );
}

/** Whether the bytes say another type than the source; kinds of text and of zip are not told apart. */
function isOther(said: string, detected: string | null): boolean {
  if (detected === null) return sniffed.has(said);
  if (detected === said) return false;
  if (detected === "application/zip") return !said.startsWith("application/vnd.openxml");
  if (detected.startsWith("text/")) return !said.startsWith("text/");
  return true;
}
