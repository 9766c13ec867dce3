const argument = String.raw`\s{0,5}(?:\\*"[^"\n]{0,300}"|'[^'\n]{0,300}'|[^\s,'"()]{1,100}(?: id #\d{1,9})?)\s{0,5},\s{0,5}`;
/** Digits alone are a port. */
const secret = String.raw`\\*["'])(?!\d{1,5}["'\\])[^"'\\\n]{1,300}`;
const callOf = (names: string, places: number): RegExp =>
  new RegExp(String.raw`((?<!\w)(?:${names})\((?:${argument}){${places}}${secret}`, 'g');

/** Calls that log in take a place, a name and a password by their order; a trace prints them so. */
export const passwordArguments: readonly RegExp[] = [
  callOf(
    String.raw`(?!oci_)\w{0,30}connect|(?:PDO|mysqli)(?:->__construct)?|(?:get|create)Connection|ldap_bind|ftp_login`,
    2,
  ),
  callOf(String.raw`oci_p?connect|(?<=\.|->)(?:login|authenticate)`, 1),
];
