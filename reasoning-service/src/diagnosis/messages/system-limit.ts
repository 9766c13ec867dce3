import { anyOf } from './any-of.ts';

/** `refused` is how the kernel, or who asks it, tells that this table is full, where not only in its words for a full disk. */
type SystemLimit = { pattern: RegExp; refused?: RegExp; words: string };

const noSpace = /no space left on device|\bENOSPC\b|errno[:=]? ?28\b/i;
const reached =
  /\b(?:limit|maximum)\b.{0,40}\breached\b|\breached\b.{0,40}\b(?:limit|maximum)\b|\bmax_user_\w{1,20} (?:is |was )?(?:reached|exceeded|exhausted)/i;
const tooMany = /too many open files|\bEMFILE\b/i;
const quota = /quota exceeded|\bEDQUOT\b/i;

/** Tables of the kernel that a program may fill, by the call or the setting that a complaint names. */
const limits: readonly SystemLimit[] = [
  {
    pattern: /\bfs\.inotify\.max_user_instances\b|\binotify_?init1?\b|\binotify instances?\b/i,
    refused: anyOf(noSpace, tooMany, reached),
    words: "the node's limit of inotify instances (fs.inotify.max_user_instances)",
  },
  {
    pattern: anyOf(
      /\bfs\.inotify\.max_user_watches\b|\binotify_?add_?watch\b|\binotify watch(?:es)?\b|number of file watchers/i,
      /\bsyscall: 'watch'|\bENOSPC\b.{0,80}, watch '/i,
    ),
    refused: anyOf(noSpace, reached),
    words: "the node's limit of inotify watches (fs.inotify.max_user_watches)",
  },
  // What a watcher tells of a file that could not be written is told of a disk.
  {
    pattern:
      /^(?!.*\b(?:write|open|copy|mkdir|rename|sync):? \/).*(?:\bfsnotify\b|\binotify\b|\bNewWatcher\b|\bfile ?(?:system )?watchers?\b)/i,
    refused: anyOf(noSpace, tooMany, reached),
    words: "the node's limits of inotify (fs.inotify.max_user_watches and max_user_instances)",
  },
  {
    pattern: /\bepoll_ctl\b|\bfs\.epoll\.max_user_watches\b/i,
    words: "the node's limit of epoll watches (fs.epoll.max_user_watches)",
  },
  { pattern: /\bsemget\b|\bcreate semaphores?\b/i, words: "the node's limit of semaphores (kernel.sem)" },
  // Without the call it may be a file in /dev/shm that does not fit.
  {
    pattern: /\bshmget\b/i,
    words: "the node's limit of shared memory segments (kernel.shmmni and kernel.shmall)",
  },
  { pattern: /\bmsgget\b/i, words: "the node's limit of message queues (kernel.msgmni)" },
  {
    // What comes of a write through it is told of a disk.
    pattern: /\bio_uring_(?:setup|queue_init\w{0,10}|register\w{0,20})\b/i,
    words: "a limit of the node's kernel for io_uring",
  },
  {
    pattern: /\/sys\/fs\/cgroup\b/i,
    words: "the node's limit of control groups (cgroup.max.descendants, or those that the kernel has not let go of)",
  },
  {
    pattern: /\bsession key(?:ring)?\b|\bkeyctl\b|\bkernel\.keys\.max\w{1,10}\b/i,
    refused: anyOf(noSpace, quota),
    words: "the node's limit of keys (kernel.keys.maxkeys and kernel.keys.maxbytes)",
  },
];

/** Which table of the node's kernel is full, where a complaint names one; a full file system is something else. */
export const systemLimitIn = (text: string): string | undefined =>
  limits.find(({ pattern, refused = noSpace }) => refused.test(text) && pattern.test(text))?.words;

/** What a program said, with what it means where its words mislead. */
export function withLimit(said: string, text: string): string {
  const limit = systemLimitIn(text);
  if (limit === undefined) return said;
  return `${said}; that is ${limit}${noSpace.test(text) || quota.test(text) ? ', and no full disk' : ''}`;
}
