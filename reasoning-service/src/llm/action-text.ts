import { Action } from '@aetherius/shared/contracts';

/** Programs and symbols that make a text a command. */
const command =
  /(^|[\s`"'(])(kubectl|helm|oc|docker|crictl|ctr|systemctl|journalctl|curl|wget|ssh|sudo|bash|sh|rm|psql|redis-cli|etcdctl|argocd|flux|terraform)\s+\S|\bkill -|```|\$\(|&&|\|\s*sh\b/i;

const verbs =
  'delet|restart|redeploy|scal|roll(?:ing)?[ -]?back|rollback|drain|cordon|uncordon|evict|patch|edit|appl(?:y|ied)|creat|remov|increas|decreas|rais|lower|reduc|chang|updat|upgrad|downgrad|fix|add|set|kill|terminat|reboot|run|execut|check|verify|inspect|investigat|rotat|grant|disabl|enabl|reinstall|expand|resiz|mov|wip|drop|purg';

/** An English sentence that tells somebody to do something, or begins with an order. */
const advice = new RegExp(
  [
    `\\b(should|must|need(?:s)? to|have to|has to|ought to|please|recommend\\w*|suggest\\w*|advis\\w+|try to|consider|make sure|ensure|remed\\w+|workaround|in order to (?:fix|resolve)|to (?:fix|resolve|repair|remedy))\\b`,
    `(^|[.;:!?\\n]\\s*|\\b(?:and|then|now|immediately|first)\\s+)(${verbs})(?:e|y)?\\s+(?:the|a|an|all|this|that|every|each|its|it|<|"|‘|“)`,
    `\\b(can|could|may|might|will|would) be (${verbs})`,
  ].join('|'),
  'i',
);

/** The same in Chinese; verbs alone describe ("容器重启了 3 次"), so an order needs its marker. */
const orders =
  /建议|请|应该|应当|务必|必须(?=.{0,12}(?:删|重启|重新|扩|缩|回滚|驱逐|修改|增加|减少|执行|运行|检查|设置))|需要(?=.{0,12}(?:删|重启|重新部署|扩容|缩容|回滚|驱逐|修改|执行|运行))|(?:^|[。；;，,]\s*)(?:删除|重启|回滚|扩容|缩容|驱逐|执行|运行|修改|增加|减少|检查)/;

const actions = new RegExp(`\\b(${Action.options.filter((action) => action.includes('_')).join('|')})\\b`, 'i');

/** Whether a text tells anyone to do anything: actions come from the rules' catalogue alone. */
export const isActionText = (text: string): boolean =>
  [command, advice, orders, actions].some((pattern) => pattern.test(text));
