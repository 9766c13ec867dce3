/** Tokens that their makers give a head of their own, so that they are known wherever they stand. */
const heads = [
  'gh[pousr]_[A-Za-z0-9]{20,80000}',
  'github_pat_\\w{20,80000}',
  'gl(?:pat|ptt|rt|dt|cbt|soat|ft|agent|imt|oas)-[\\w-]{16,8000}',
  'xox[abeoprs]-[A-Za-z0-9-]{10,80000}',
  'xapp-\\d-[A-Za-z0-9-]{20,8000}',
  'sk-[A-Za-z0-9_-]{20,80000}',
  '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,8000}',
  'whsec_[A-Za-z0-9+/]{20,8000}',
  'AIza[\\w-]{30,8000}',
  'GOCSPX-[\\w-]{20,8000}',
  'ya29\\.[\\w-]{20,8000}',
  'hv[sbr]\\.[\\w-]{20,8000}',
  'atlasv1\\.[\\w-]{40,8000}',
  'SG\\.[\\w-]{16,100}\\.[\\w-]{16,8000}',
  'npm_[A-Za-z0-9]{30,8000}',
  'pypi-[A-Za-z0-9_]{30,8000}',
  'rubygems_[0-9a-f]{40,8000}',
  'dckr_[po]at_[\\w-]{20,8000}',
  'shp(?:at|ca|pa|ss)_[A-Za-z0-9]{20,8000}',
  'do[opr]_v1_[0-9a-f]{40,8000}',
  'dapi[0-9a-f]{32}',
  'gl(?:sa|c)_[\\w+/]{30,8000}',
  'hf_[A-Za-z0-9]{30,8000}',
  'ATATT3[\\w=-]{30,8000}',
  'NRAK-[A-Z0-9]{20,8000}',
  'AGE-SECRET-KEY-1[A-Z0-9]{40,8000}',
].join('|');

/** A token of a known maker. */
export const issuedToken = new RegExp(`(?<![A-Za-z0-9])(?:${heads})`, 'g');

/** Addresses that are a secret themselves: whoever has one may send to it. */
export const secretAddress =
  /((?:hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{1,30}|webhook\.office\.com\/webhookb2)\/)[^\s"']+/g;
