import { fileTenant } from "./file-tenant.ts";

// Fetches one file of so many MB into a folder and prints what became of it and what memory it took.
const [folder = "", megabytes = ""] = process.argv.slice(2);
const tenant = await fileTenant(folder, { maxBytes: 1e9 });
const part = Buffer.alloc(1_000_000, 7);
tenant.answers.set("/large", (_, res) => {
  let left = Number(megabytes);
  const more = (): void => {
    while (left > 0) {
      left -= 1;
      if (!res.write(part)) {
        res.once("drain", more);
        return;
      }
    }
    res.end();
  };
  more();
});
const row = { id: "1", on: "job", of: "1", url: tenant.address("/large") };
await tenant.page({ ...row, url: null });
const before = process.resourceUsage().maxRSS;
const { files } = await tenant.page(row);
const grown = process.resourceUsage().maxRSS - before;
process.stdout.write(JSON.stringify({ file: files?.get("1"), grownMb: grown / 1024 }));
await tenant.close();
