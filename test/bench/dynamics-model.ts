/** Service protection as published, and the execution time this project assumes (t is published nowhere). */
export interface DynamicsModel {
  /** Execution of a call, ms, beside that of its rows. */
  readonly requestMs: number;
  /** t: execution of a row of CreateMultiple, ms. */
  readonly rowMs: number;
  /** Execution of an operation of a `$batch`, ms. */
  readonly singleMs: number;
  readonly users: number;
  readonly servers: number;
}

/** What every user has on every server (Microsoft, "Service protection API limits"). */
const window = { seconds: 300, requests: 6000, executionSeconds: 1200, concurrent: 52 };
/** Rows of a call: b for CreateMultiple; a batch runs its operations one after another, so it takes fewer. */
const rowsOfCall = { multiple: 1000, batch: 100 };

/** What one object's rows take at least. */
export interface ObjectUse {
  readonly object: string;
  readonly rows: number;
  readonly calls: number;
  /** Execution of all calls, seconds. */
  readonly execution: number;
  /** Execution of the longest call, seconds. */
  readonly longest: number;
}

/** What so many rows of an object take at least. */
export function objectUse(
  model: DynamicsModel,
  object: string,
  rows: number,
  message: keyof typeof rowsOfCall,
): ObjectUse {
  const most = rowsOfCall[message];
  const rowMs = message === "multiple" ? model.rowMs : model.singleMs;
  const calls = Math.ceil(rows / most);
  return {
    ...{ object, rows, calls },
    execution: (calls * model.requestMs + rows * rowMs) / 1000,
    longest: (model.requestMs + Math.min(rows, most) * rowMs) / 1000,
  };
}

/** How `leastSeconds` reckons, in words of E2. */
export const formula = {
  burst:
    "T_min = max( 300*(ceil(E/B)-1) + sum over waves w of max(E'_w/C, e_w), 300*(ceil(Q/(6000*U*W))-1) ); " +
    "Q calls, E execution of all calls, B = 1200*U*W, C = 52*U*W, e_w = longest call of the wave, " +
    "E'_w = the part of the wave's execution behind the last full window; one wave gives E2's formula",
  windows: "E/B; below 1 no window fills, and burst is the caller's own floor",
  steady: "T = sum over waves w of max(E_w/(4*U*W), e_w): the rate a window keeps up for ever",
  calls: `sum over objects of ceil(N/b), b = ${rowsOfCall.multiple} rows of CreateMultiple or ${rowsOfCall.batch} change sets of a $batch`,
};

/**
 * The least seconds waves of objects take, one behind the other: in bursts, and at the rate that can be
 * kept up; and how many windows' time they use. Below one the service holds back nothing but what goes
 * at once: the burst is then how fast the caller can be, and no limit of the service.
 */
export function leastSeconds(
  model: DynamicsModel,
  waves: readonly (readonly ObjectUse[])[],
): { readonly burst: number; readonly steady: number; readonly windows: number } {
  const places = model.users * model.servers;
  const budget = window.executionSeconds * places;
  const total = sum(waves.flat().map(({ execution }) => execution));
  const calls = sum(waves.flat().map((use) => use.calls));
  const fullWindows = Math.max(0, Math.ceil(total / budget) - 1);
  let before = fullWindows * budget;
  let [tail, steady] = [0, 0];
  for (const wave of waves) {
    const execution = sum(wave.map((use) => use.execution));
    const longest = Math.max(0, ...wave.map((use) => use.longest));
    const behind = Math.max(0, execution - before);
    before = Math.max(0, before - execution);
    if (behind > 0) tail += Math.max(behind / (window.concurrent * places), longest);
    steady += Math.max(execution / (budget / window.seconds), longest);
  }
  const byRequests =
    window.seconds * Math.max(0, Math.ceil(calls / (window.requests * places)) - 1);
  const burst = Math.max(window.seconds * fullWindows + tail, byRequests);
  return { burst, steady, windows: Number((total / budget).toFixed(2)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
