import { table } from "./table.ts";
import type { RehearsalReport } from "./rehearse/rehearse.ts";

/** The report for a person: one line an object, then whatever needs a person's eye. */
export function reportText(report: RehearsalReport): string {
  return [
    reconciliationText(report),
    section(
      "rejected and refused",
      report.dead_letters.map(
        (each) =>
          `${each.object} ${each.code}${each.field ? ` (${each.field})` : ""}: ${each.records}`,
      ),
    ),
    section(
      "parked",
      report.parked.map((each) => `${each.object} ${each.reason}: ${each.records}`),
    ),
    section(
      "field sums, expected / found",
      report.field_sums.map(
        (each) => `${each.object}.${each.field}: ${each.expected} / ${each.found}`,
      ),
    ),
    findingsText(report),
    section(
      "drift planted",
      report.drift.planted.map((each) => `${each.key}: ${each.field ?? "row removed"}`),
    ),
    section(
      "drift the report did not name",
      report.drift.unnamed.map((each) => each.key),
    ),
    section("repaired", report.drift.repaired),
    section(
      "missing",
      report.missing.map((each) => `${each.object} ${each.key}`),
    ),
    section(
      "extra",
      report.extra.map((each) => `${each.object} ${each.key}`),
    ),
    section(
      "differing",
      report.differences.map(
        (each) =>
          `${each.object} ${each.key} ${each.field}: expected ${each.expected}, found ${each.found}`,
      ),
    ),
    figuresText(report),
    report.accounted && report.drift.unnamed.length === 0
      ? "Every record is accounted for."
      : "NOT every record is accounted for.",
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** What the source's data has of everything that usually goes wrong, and where it has ended. */
function findingsText({ findings, reconciliation }: RehearsalReport): string {
  const users = reconciliation.reduce((sum, { no_user }) => sum + no_user, 0);
  const rows = findings.map(({ kind, entity, records, ended }) => [
    kind,
    entity,
    records,
    Object.entries(ended)
      .sort(([, a], [, b]) => b - a)
      .map(([end, count]) => `${end}: ${count}`)
      .slice(0, 4)
      .join(", "),
  ]);
  return [
    rows.length === 0 ? "" : table([["found at the source", "in", "records", "ended"], ...rows]),
    users === 0 ? "" : `technicians nobody at the destination stands for: ${users}`,
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function reconciliationText({ reconciliation }: RehearsalReport): string {
  const sum = (reasons: Readonly<Record<string, number>>): number =>
    Object.values(reasons).reduce((total, each) => total + each, 0);
  return table([
    [
      "object",
      "source",
      "created",
      "updated",
      "unchanged",
      "deleted",
      "superseded",
      "rejected",
      "refused",
      "parked",
      "destination",
      "missing",
      "extra",
      "differing",
    ],
    ...reconciliation.map((row) => [
      row.object,
      row.source,
      row.created,
      row.updated,
      row.unchanged,
      row.deleted,
      row.superseded,
      sum(row.rejected),
      row.refused,
      sum(row.parked),
      row.destination,
      row.missing,
      row.extra,
      row.differing,
    ]),
  ]);
}

function section(title: string, lines: readonly string[]): string {
  const shown = lines.slice(0, 20);
  if (lines.length > shown.length)
    shown.push(`… and ${lines.length - shown.length} more in report.json`);
  return lines.length === 0 ? "" : `${title}\n${shown.map((line) => `  ${line}`).join("\n")}`;
}

function figuresText({ figures }: RehearsalReport): string {
  const { delta } = figures;
  const rss = Object.entries(figures.peakRss)
    .map(([name, bytes]) => `${name} ${Math.round(bytes / 1024 / 1024)}`)
    .join(", ");
  return [
    `first load: ${figures.loadOutcomes} outcomes in ${figures.loadSeconds.toFixed(1)} s (${figures.loadOutcomesPerSecond}/s)`,
    `delta: ${figures.changes} changes, ${delta.outcomes} outcomes by ${delta.requests} calls; source commit to destination p50 ${delta.p50.toFixed(1)} s, p95 ${delta.p95.toFixed(1)} s, p99 ${delta.p99.toFixed(1)} s`,
    `peak memory, MB: ${rss}`,
  ].join("\n");
}
