import { z } from "zod";
import { requireType, rule } from "./rule.ts";

/** The text of a setting, the same for every record. */
export const settingText = rule({
  name: "setting_text",
  doc: "The text of a setting of `migration.yaml`, the same for every record.",
  example: "pricelevelid: { setting_text: price_list }",
  schema: z.strictObject({ setting_text: z.enum(["price_list"]) }),
  compile(spec, site) {
    requireType(site, "string");
    const value = site.settings[spec.setting_text] ?? null;
    return { read: () => value };
  },
});
