/** What stands for the name of a container where a row of a table tells only how many there are. */
export const inventedName = (index: number, isInit = false): string => `${isInit ? 'init-' : ''}container-${index + 1}`;

/** Whether nobody but the reader of a table gave this name, so that no command may carry it. */
export const isInvented = ({ name, image }: { name: string; image: string | undefined }): boolean =>
  image === undefined && /^(?:init-)?container-\d{1,2}$/.test(name);

type Named = { name: string; image: string | undefined };

/** A container in prose: by its name, or as one of several where nothing but its place in a row is known. */
export function containerInWords(container: Named): string {
  if (container.name !== '' && !isInvented(container)) return `container ${container.name}`;
  return container.name.startsWith('init-') ? 'an init container' : 'a container';
}
