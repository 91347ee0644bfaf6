/** HTTP dates in the three forms that RFC 9110 section 5.6.7 tells a recipient to take. Pure. */

const DAY = '(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?';
const TIME = '(\\d{2}:\\d{2}:\\d{2})';
const IMF_FIXDATE = new RegExp(`^${DAY}, (\\d{2}) ([A-Z][a-z]{2}) (\\d{4}) ${TIME} GMT$`);
const RFC_850 = new RegExp(`^${DAY}, (\\d{2})-([A-Z][a-z]{2})-(\\d{2}) ${TIME} GMT$`);
const ASCTIME = new RegExp(`^${DAY} ([A-Z][a-z]{2}) ([ \\d]\\d) ${TIME} (\\d{4})$`);

/** @returns null where the text is no HTTP date */
export function parseHttpDate(text: string): Date | null {
  const [, day, month, year, time] = IMF_FIXDATE.exec(text) ?? ordered(text) ?? [];
  if (day === undefined || month === undefined || year === undefined || time === undefined) return null;
  const date = new Date(`${day.trim()} ${month} ${year} ${time} GMT`);
  return Number.isNaN(date.getTime()) ? null : date;
}

function ordered(text: string): readonly (string | undefined)[] | null {
  const old = RFC_850.exec(text);
  // Such dates are only sent by servers of our century; a two-digit year needs no other guess.
  if (old !== null) return ['', old[1], old[2], `20${old[3]}`, old[4]];
  const ctime = ASCTIME.exec(text);
  return ctime === null ? null : ['', ctime[2], ctime[1], ctime[4], ctime[3]];
}
