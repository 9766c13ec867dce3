import { anyOf } from './any-of.ts';

type SystemLimit = { pattern: RegExp; words: string };

/** How the kernel refuses when a table of its own is full: in the words that it has for full disks and files as well. */
const refused = anyOf(
  /no space left on device|\bENOSPC\b|errno[:=]? ?28\b|too many open files|\bEMFILE\b|(?:disk )?quota exceeded|\bEDQUOT\b/i,
  /\b(?:limit|maximum)\b.{0,40}\breached\b|\breached\b.{0,40}\b(?:limit|maximum)\b|\bmax_user_\w{1,20} (?:is |was )?(?:reached|exceeded|exhausted)/i,
);

/** Tables of the kernel that a program may fill, by the call or the setting that a complaint names. */
const limits: readonly SystemLimit[] = [
  {
    pattern: /\bfs\.inotify\.max_user_instances\b|\binotify_?init1?\b|\binotify instances?\b/i,
    words: "the node's limit of inotify instances (fs.inotify.max_user_instances)",
  },
  {
    pattern: anyOf(
      /\bfs\.inotify\.max_user_watches\b|\binotify_?add_?watch\b|\binotify watch(?:es)?\b|number of file watchers/i,
      /\bsyscall: 'watch'|\bENOSPC\b.{0,80}, watch '/i,
    ),
    words: "the node's limit of inotify watches (fs.inotify.max_user_watches)",
  },
  // What a watcher tells of a file that could not be written is told of a disk.
  {
    pattern:
      /^(?!.*\b(?:write|open|copy|mkdir|rename|sync):? \/).*(?:\bfsnotify\b|\binotify\b|\bNewWatcher\b|\bfile ?(?:system )?watchers?\b)/i,
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
    pattern: /\bio_uring(?:_\w{1,30})?\b/i,
    words: "a limit of the node's kernel for io_uring",
  },
  {
    pattern: /\/sys\/fs\/cgroup\b|\bcgroups?\b.{0,20}\bmkdir\b|\bmkdir\b.{0,20}\bcgroups?\b/i,
    words: "the node's limit of control groups (cgroup.max.descendants, or those that the kernel has not let go of)",
  },
  {
    pattern: /\bsession key(?:ring)?\b|\bkeyctl\b|\bkernel\.keys\.max\w{1,10}\b/i,
    words: "the node's limit of keys (kernel.keys.maxkeys and kernel.keys.maxbytes)",
  },
];

/** Which table of the node's kernel is full, where a complaint names one; a full file system is something else. */
export const systemLimitIn = (text: string): string | undefined =>
  refused.test(text) ? limits.find(({ pattern }) => pattern.test(text))?.words : undefined;

/** What a program said, with what it means where its words mislead. */
export function withLimit(said: string, text: string): string {
  const limit = systemLimitIn(text);
  return limit === undefined ? said : `${said}; that is ${limit}, and no full disk`;
}
