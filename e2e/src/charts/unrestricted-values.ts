import { bus, member, type Refused } from './unworkable-values.ts';

type Given = [values: object, words: string];

/** Of both charts: what the level "restricted" of Pod Security refuses, or warns of, once the pods are there. */
const contexts: Given[] = [
  [{ podSecurityContext: { runAsNonRoot: false } }, 'podSecurityContext.runAsNonRoot has to stay true'],
  [{ podSecurityContext: { seccompProfile: { type: 'Unconfined' } } }, 'podSecurityContext.seccompProfile.type=Unconf'],
  [{ podSecurityContext: { seccompProfile: null } }, 'podSecurityContext.seccompProfile.type has to be RuntimeDefault'],
  [{ podSecurityContext: { appArmorProfile: { type: 'Unconfined' } } }, 'podSecurityContext.appArmorProfile.type=Unc'],
  [{ podSecurityContext: { seLinuxOptions: { type: 'spc_t' } } }, 'podSecurityContext.seLinuxOptions.type=spc_t'],
  [{ podSecurityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }, 'podSecurityContext.sysctls: kernel.'],
  [{ securityContext: { seccompProfile: { type: 'Unconfined' } } }, 'securityContext.seccompProfile.type=Unconfined'],
  [{ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }, 'securityContext.capabilities.add: SYS_ADMIN'],
  [{ securityContext: { capabilities: { drop: null } } }, 'securityContext.capabilities.drop has to name ALL'],
  [{ securityContext: { capabilities: null } }, 'securityContext.capabilities.drop has to name ALL'],
  [
    { securityContext: { allowPrivilegeEscalation: null } },
    'securityContext.allowPrivilegeEscalation has to stay fals',
  ],
  [
    { securityContext: { allowPrivilegeEscalation: true } },
    'securityContext.allowPrivilegeEscalation has to stay fals',
  ],
  [{ securityContext: { procMount: 'Unmasked' } }, 'securityContext.procMount=Unmasked'],
  [{ securityContext: { seLinuxOptions: { user: 'system_u' } } }, 'securityContext.seLinuxOptions.user'],
  [{ securityContext: { privileged: true } }, 'securityContext.privileged=true'],
  [{ securityContext: { runAsUser: 0 } }, 'securityContext.runAsUser=0: no pod of this chart needs it'],
];

const host = { extraVolumes: [{ name: 'host', hostPath: { path: '/' } }] };
const volumes: Refused[] = [
  ['a folder of the node', 'aetherius', { ...bus, manager: host }, 'manager.extraVolumes: host is a hostPath'],
  [
    'a folder of the node for Jobs',
    'aetherius',
    { ...bus, migrations: { hook: host } },
    'migrations.hook.extraVolumes: host is a hostPath',
  ],
  ['a folder of the node for an agent', 'aetherius-agent', { ...member, ...host }, 'extraVolumes: host is a hostPath'],
];

/** Rights that no namespace under "restricted" gives. */
export const unrestricted: Refused[] = [
  ...contexts.flatMap(([values, words]): Refused[] => [
    [`services with ${JSON.stringify(values)}`, 'aetherius', { ...bus, ...values }, words],
    [`an agent with ${JSON.stringify(values)}`, 'aetherius-agent', { ...member, ...values }, words],
  ]),
  ...volumes,
];

/** Their neighbours, which "restricted" takes. */
export const withinRestricted: [what: string, values: object][] = [
  [
    'a profile of its own',
    { podSecurityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } } },
  ],
  ['the one capability', { securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } }],
  ['a sysctl that is safe', { podSecurityContext: { sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }] } }],
  ['a label of SELinux', { securityContext: { seLinuxOptions: { type: 'container_t', level: 's0:c1' } } }],
  ['the usual /proc', { securityContext: { procMount: 'Default', privileged: false } }],
  [
    'volumes that are no folder of the node',
    {
      manager: {
        extraVolumes: [
          { name: 'a', projected: { sources: [] } },
          { name: 'b', csi: { driver: 'd' } },
        ],
      },
    },
  ],
].map(([what, values]): [string, object] => [String(what), { ...bus, ...(values as object) }]);
