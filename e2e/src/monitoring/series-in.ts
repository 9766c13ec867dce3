const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);

/** One use of a series in an expression, with the labels that it is asked by. */
export type Use = { series: string; labels: string[] };

/** The series that a PromQL expression names. No parser of the language: names are what is left without texts, groupings and functions. */
export function seriesIn(expression: string): Use[] {
  const text = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\$\w+/g, ' ');
  const found = text.matchAll(/(?<![\w:.])([a-z_:][\w:]*)\s*(\(|\{([^}]*)\})?/gi);
  return [...found].flatMap(([, series = '', tail, selector = '']) =>
    tail === '(' || keywords.has(series.toLowerCase()) ? [] : [{ series, labels: labelsIn(selector) }],
  );
}

const labelsIn = (selector: string): string[] =>
  [...selector.matchAll(/([a-z_]\w*)\s*(?:=~|!~|!=|=)/gi)].map(([, label = '']) => label);
