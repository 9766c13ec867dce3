/** What stands for the name of a container where a row of a table tells only how many there are. */
export const inventedName = (index: number, isInit = false): string => `${isInit ? 'init-' : ''}container-${index + 1}`;

/** Whether nobody but the reader of a table gave this name, so that no command may carry it. */
export const isInvented = ({ name, image }: { name: string; image: string | undefined }): boolean =>
  image === undefined && /^(?:init-)?container-\d{1,2}$/.test(name);
