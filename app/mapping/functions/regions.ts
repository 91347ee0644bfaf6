/**
 * Countries by code and name. Names come from the Unicode data that Node.js carries (CLDR, by Intl), in the languages
 * below; codes of three letters are those of ISO 3166-1. Pure, apart from what is kept of names once they were asked for.
 */

import { remembering } from '../remembering.ts';

/** ISO 3166-1: alpha-2 and alpha-3 of each country; and Kosovo, by the codes that everybody uses for it. */
const CODES = `AFAFG AXALA ALALB DZDZA ASASM ADAND AOAGO AIAIA AQATA AGATG ARARG AMARM AWABW AUAUS ATAUT AZAZE BSBHS BHBHR
BDBGD BBBRB BYBLR BEBEL BZBLZ BJBEN BMBMU BTBTN BOBOL BQBES BABIH BWBWA BVBVT BRBRA IOIOT BNBRN BGBGR BFBFA BIBDI KHKHM
CMCMR CACAN CVCPV KYCYM CFCAF TDTCD CLCHL CNCHN CXCXR CCCCK COCOL KMCOM CGCOG CDCOD CKCOK CRCRI CICIV HRHRV CUCUB CWCUW
CYCYP CZCZE DKDNK DJDJI DMDMA DODOM ECECU EGEGY SVSLV GQGNQ ERERI EEEST ETETH FKFLK FOFRO FJFJI FIFIN FRFRA GFGUF PFPYF
TFATF GAGAB GMGMB GEGEO DEDEU GHGHA GIGIB GRGRC GLGRL GDGRD GPGLP GUGUM GTGTM GGGGY GNGIN GWGNB GYGUY HTHTI HMHMD VAVAT
HNHND HKHKG HUHUN ISISL ININD IDIDN IRIRN IQIRQ IEIRL IMIMN ILISR ITITA JMJAM JPJPN JEJEY JOJOR KZKAZ KEKEN KIKIR KPPRK
KRKOR KWKWT KGKGZ LALAO LVLVA LBLBN LSLSO LRLBR LYLBY LILIE LTLTU LULUX MOMAC MKMKD MGMDG MWMWI MYMYS MVMDV MLMLI MTMLT
MHMHL MQMTQ MRMRT MUMUS YTMYT MXMEX FMFSM MDMDA MCMCO MNMNG MEMNE MSMSR MAMAR MZMOZ MMMMR NANAM NRNRU NPNPL NLNLD NCNCL
NZNZL NINIC NENER NGNGA NUNIU NFNFK MPMNP NONOR OMOMN PKPAK PWPLW PSPSE PAPAN PGPNG PYPRY PEPER PHPHL PNPCN PLPOL PTPRT
PRPRI QAQAT REREU ROROU RURUS RWRWA BLBLM SHSHN KNKNA LCLCA MFMAF PMSPM VCVCT WSWSM SMSMR STSTP SASAU SNSEN RSSRB SCSYC
SLSLE SGSGP SXSXM SKSVK SISVN SBSLB SOSOM ZAZAF GSSGS SSSSD ESESP LKLKA SDSDN SRSUR SJSJM SZSWZ SESWE CHCHE SYSYR TWTWN
TJTJK TZTZA THTHA TLTLS TGTGO TKTKL TOTON TTTTO TNTUN TRTUR TMTKM TCTCA TVTUV UGUGA UAUKR AEARE GBGBR USUSA UMUMI UYURY
UZUZB VUVUT VEVEN VNVNM VGVGB VIVIR WFWLF EHESH YEYEM ZMZMB ZWZWE XKXKX`;

const ALPHA_3: ReadonlyMap<string, string> = new Map(
  CODES.split(/\s+/).map((pair) => [pair.slice(2), pair.slice(0, 2)] as const),
);
const ALPHA_2: ReadonlySet<string> = new Set(ALPHA_3.values());

/** Names that are in use beside those of CLDR. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'united states of america': 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  'russian federation': 'RU',
  'czech republic': 'CZ',
  holland: 'NL',
  'the netherlands': 'NL',
  'republic of korea': 'KR',
  'republic of ireland': 'IE',
  'viet nam': 'VN',
  turkey: 'TR',
  'ivory coast': 'CI',
  'hong kong': 'HK',
  macau: 'MO',
  'cape verde': 'CV',
  swaziland: 'SZ',
  burma: 'MM',
};

/** In this order, where a name means two things in two of them. */
const NAME_LANGUAGES = [
  ...[
    'en',
    'de',
    'fr',
    'es',
    'it',
    'nl',
    'pt',
    'pl',
    'cs',
    'sk',
    'hu',
    'ro',
    'da',
    'sv',
    'nb',
    'fi',
    'el',
    'tr',
  ],
  ...['uk', 'ru', 'bg', 'hr', 'sl', 'lt', 'lv', 'et', 'ja', 'zh', 'ko', 'ar', 'he'],
] as const;

export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** @returns the code of two letters in capitals, or '' */
export function countryCode(text: string): string {
  const capitals = text.toUpperCase();
  if (ALPHA_2.has(capitals)) return capitals;
  return ALPHA_3.get(capitals) ?? countriesByName().get(foldName(text)) ?? '';
}

/**
 * @param code as `countryCode` gives it
 * @param language any language tag that Intl takes
 */
export function countryName(code: string, language: string): string {
  if (!ALPHA_2.has(code)) return '';
  return regionNames(language).of(code) ?? '';
}

const regionNames = remembering(
  (language) => new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }),
);

let byName: ReadonlyMap<string, string> | null = null;

/** Takes some ten milliseconds, so it is made once, when it is first needed. */
function countriesByName(): ReadonlyMap<string, string> {
  byName ??= namesOf('region', [...ALPHA_2], new Map(Object.entries(OTHER_NAMES)));
  return byName;
}

/** @returns folded name to code, in all languages */
export function namesOf(
  type: 'region' | 'language',
  codes: readonly string[],
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const names = new Map(known);
  for (const language of NAME_LANGUAGES) {
    const display = new Intl.DisplayNames([language], { type, fallback: 'none' });
    for (const code of codes) {
      const name = display.of(code);
      if (name !== undefined && !names.has(foldName(name))) names.set(foldName(name), code);
    }
  }
  return names;
}
