// The page asks the REST API, keeps what it answered, and shows it. Three parts: elements, questions, what is shown.
// What comes from the cluster is chosen by its tenants, and becomes text here: never markup, an address or a style.

// ---- Elements -------------------------------------------------------------------------------------------------------

/** An element as it should be. The document is changed only where it differs: what is focused, selected, opened or scrolled stays so. */
const el = (tag, attributes, ...children) =>
  ({ tag, attributes: attributes ?? {}, children: children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false) });

/** Makes the children of a node those that are wanted. One with a key is the same one wherever it stands. */
function patch(parent, wanted) {
  const keys = new Set(wanted.map(keyOf).filter(Boolean));
  const known = new Map();
  for (const node of [...parent.childNodes]) {
    if (node.key && !keys.has(node.key)) node.remove();
    else if (node.key) known.set(node.key, node);
  }
  let at = parent.firstChild;
  for (const want of wanted) {
    const found = keyOf(want) ? known.get(keyOf(want)) : at && isLike(at, want) ? at : null;
    const node = found ?? create(want);
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
    update(node, want);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const keyOf = want => want.attributes?.key;

const isLike = (node, want) => !node.key && (want.tag ? node.localName === want.tag : node.nodeType === Node.TEXT_NODE);

function create(want) {
  if (!want.tag) return document.createTextNode('');
  const node = document.createElement(want.tag);
  node.key = keyOf(want);
  return node;
}

function update(node, want) {
  if (!want.tag) {
    if (node.data !== String(want)) node.data = want;
    return;
  }
  const { key, ...attributes } = want.attributes;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
  patch(node, want.children);
}

/** Characters that cannot be seen, or turn the direction of others, are shown by their numbers. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const visible = text => String(text).replace(UNSEEN, c => `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);

/** Text from the cluster: its direction is its own. */
const told = text => el('bdi', null, visible(text));
const code = text => el('code', null, told(text));
const codes = texts => texts.map((text, i) => [i > 0 && ', ', code(text)]);
const name = text => el('span', { class: 'name' }, told(text));
const type = text => el('span', { class: 'type' }, told(text));
const quiet = (...children) => el('p', { class: 'quiet' }, children);
const under = (...children) => el('span', { class: 'under' }, children);
const notice = (kind, ...children) => el('p', { class: `notice ${kind}` }, children);

// ---- Questions ------------------------------------------------------------------------------------------------------

const SECOND = 1000;
const EVERY = 2 * SECOND;
const LONGEST_PAUSE = 30 * SECOND;
const LONGEST_ANSWER = 10 * SECOND;
/** What nobody confirmed for so long is called old. */
const OLD = 10 * SECOND;
/** A tag says nothing of the times of checks: so often an answer is asked for whole, a long one more seldom. */
const WHOLE_EVERY = { short: 4 * SECOND, long: 30 * SECOND };
const SHORT = 64 * 1024;

const question = path =>
  ({ path, data: null, tag: null, at: null, wholeAt: null, bytes: 0, busy: false, next: 0, failures: 0, trouble: null });

const asked = {
  status: question('api/v1/status'),
  services: question('api/v1/services'),
  explain: question('api/v1/services/explain'),
  toolsets: question('api/v1/toolsets'),
};

/** Lives as long as this tab. */
let token = null;
/** Why a token is asked for; null where none is. */
let tokenWanted = null;
/** By how much the service's clock is ahead of this one's. */
let ahead = 0;
let shownSince = performance.now();

const now = () => performance.now();

async function ask(q) {
  q.busy = true;
  const used = token;
  try {
    const answer = await send(q);
    if (used === token) take(q, answer);
  } catch {
    fail(q, { kind: 'unreachable', detail: 'the service cannot be reached' });
  }
  q.busy = false;
  show();
}

async function send(q) {
  const isShort = q.bytes < SHORT;
  const wantsWhole = q.wholeAt === null || now() - q.wholeAt > (isShort ? WHOLE_EVERY.short : WHOLE_EVERY.long);
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (q.tag && !wantsWhole) headers['If-None-Match'] = q.tag;
  const response = await fetch(q.path, {
    headers, cache: 'no-store', credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(LONGEST_ANSWER),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function take(q, answer) {
  const { status, headers, text } = answer;
  const date = Date.parse(headers.get('Date'));
  if (!Number.isNaN(date)) ahead = Math.abs(date - Date.now()) < 2 * SECOND ? 0 : date - Date.now();
  if (status === 304) return good(q);
  if (status === 200) {
    const changed = headers.get('ETag') !== q.tag;
    Object.assign(q, { data: JSON.parse(text), bytes: text.length, tag: headers.get('ETag'), wholeAt: now() });
    // Explanations are many, and follow from the Services.
    if (q === asked.services && changed) asked.explain.next = Math.min(asked.explain.next, now());
    return good(q);
  }
  const problem = problemOf(text);
  const detail = problem.detail ?? problem.title ?? `it answers ${status}`;
  if (status === 401) {
    tokenWanted = token ? `This one is not accepted: ${detail}` : `The service needs a token: ${detail}`;
    token = null;
    return;
  }
  if (status === 403) {
    // What somebody with more rights was shown is not for this one.
    Object.assign(q, { data: null, tag: null, wholeAt: null, at: null });
    return fail(q, { kind: 'forbidden', detail }, LONGEST_PAUSE);
  }
  fail(q, { kind: status === 503 ? 'unavailable' : status === 429 ? 'busy' : 'refused', detail }, retryAfter(headers));
}

function problemOf(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** In milliseconds; null where the answer does not say. */
function retryAfter(headers) {
  const seconds = Number.parseInt(headers.get('Retry-After'), 10);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 1), 300) * SECOND;
}

function good(q) {
  const every = q === asked.explain ? 5 * EVERY : EVERY;
  Object.assign(q, { at: now(), next: now() + every, failures: 0, trouble: null });
}

/** Pages that were opened together do not come back together. */
function fail(q, trouble, pause) {
  q.failures += 1;
  q.trouble = trouble;
  q.next = now() + (pause ?? Math.min(LONGEST_PAUSE, EVERY * 2 ** (q.failures - 1)) * (0.8 + 0.4 * Math.random()));
}

function askWhatIsDue() {
  if (document.hidden || tokenWanted !== null) return;
  for (const q of Object.values(asked)) if (!q.busy && now() >= q.next) ask(q);
}

// ---- Words ----------------------------------------------------------------------------------------------------------

const serverNow = () => Date.now() + ahead;

const number = n => n.toLocaleString('en');

const count = (n, one) => `${number(n)} ${one}${n === 1 ? '' : 's'}`;

function span(milliseconds) {
  const s = Math.max(0, Math.round(milliseconds / SECOND));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  return s < 172800 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86400)} days`;
}

const ago = moment => moment
  ? el('time', { datetime: moment, title: new Date(moment).toLocaleString() }, `${span(serverNow() - Date.parse(moment))} ago`)
  : el('span', { class: 'quiet' }, 'not yet');

const size = bytes => bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} KiB`;

const GLYPHS = { ok: '✓', bad: '✕', warn: '!', busy: '…', off: '–' };

/** A state is a word and a sign; its colour only helps. */
const mark = (kind, word) =>
  el('span', { class: `mark ${kind}` }, el('span', { 'aria-hidden': 'true', class: 'glyph' }, GLYPHS[kind]), word);

const REASONS = {
  credentials: 'it wants credentials', timeout: 'no answer in time', refused: 'connection refused', dns: 'its name does not resolve',
  tls: 'TLS fails', blocked: 'its address is never connected to', connection: 'the connection broke', response: 'no valid HTTP answer',
  apiserver: 'the API server did not let it through', assumed: 'assumed, as it was in the ConfigMap', unchecked: 'not checked yet',
};

const DORMANT = {
  noBackend: 'ignored until there is a backend of this name, or a config.url', backendUnhealthy: 'ignored until its Service is healthy or deleted',
  backendStandsBy: 'ignored until its Service stands in for the real one',
  noUrl: 'ignored until there is a config.url',
};

const DRIFT = { missing: 'removed', modified: 'changed', extra: 'added', metadata: 'changed the metadata' };

/** Of the kinds of problems: what is only to be known, and what somebody should look at though nothing is broken. The others are. */
const NOTES = new Set(['dormantOverride', 'foreignKey', 'leftOutForHolmes']);
const WARNINGS = new Set([
  'overrideSlip', 'malformedAnnotation', 'serviceTooLarge', 'namespaceTooLarge', 'withheldCredentials', 'missingCredentials', 'missingTenant', 'noData',
  'unverifiedCertificates', 'notOwned', 'otherController',
]);

const SPLIT = /(?<=[a-z])(?=[A-Z])/;
const wordsOf = camel => visible(camel).split(SPLIT).join(' ').toLowerCase();

const keyOfService = s => `${s.namespace}/${s.name}`;

// ---- What is shown --------------------------------------------------------------------------------------------------

const FIRST_ROWS = 50;
const FIRST_PROBLEMS = 10;
const MORE_ROWS = 200;
/** How many rows of each list. */
const rows = {};
let filter = '';
let onlyNotable = false;

const byId = id => document.getElementById(id);
const into = (id, ...children) => patch(byId(id), el('div', null, children).children);

function setHidden(id, hidden) {
  if (byId(id).hidden !== hidden) byId(id).hidden = hidden;
}

const fits = (...texts) => filter === '' || texts.some(t => t && String(t).toLowerCase().includes(filter));

function show() {
  const old = ageOf();
  showOld(old);
  showTokenForm();
  const isEmpty = Object.values(asked).every(q => q.data === null && q.trouble?.kind !== 'forbidden');
  setHidden('shown', tokenWanted !== null || (isEmpty && old === null && asked.status.trouble === null));
  byId('shown').classList.toggle('aged', old !== null);
  showHead(old);
  showState(old);
  showFlow();
  showServices();
  showDropped();
  showNames();
  showToolsets();
  showConfigMap();
  showOverrides();
  showService();
}

/** Null while what is shown is what the service says now. */
function ageOf() {
  const troubled = Object.values(asked).filter(q => q.at !== null && q.failures > 1 && q.trouble.kind !== 'forbidden');
  const silent = Object.values(asked).filter(q => q.at !== null && q.busy && now() - Math.max(q.at, shownSince) > OLD);
  const all = [...troubled, ...silent];
  if (tokenWanted !== null || all.length === 0) return null;
  return { since: Math.min(...all.map(q => q.at)), why: troubled[0]?.trouble.detail ?? 'the service does not answer' };
}

function showOld(old) {
  into('old', old && notice('bad', el('strong', null, 'This is out of date. '),
    'It is from ', new Date(Date.now() - (now() - old.since)).toLocaleTimeString(), '. Reason: ', told(old.why),
    '. It is asked again and again.'));
}

function showTokenForm() {
  const isNew = tokenWanted !== null && byId('sign-in').hidden;
  setHidden('sign-in', tokenWanted === null);
  if (isNew) byId('token').focus();
  setHidden('forget', token === null);
  into('sign-in-why', tokenWanted !== null && told(tokenWanted));
}

function showHead(old) {
  const status = asked.status.data;
  into('who', status && [
    'answered by ', code(status.replica),
    status.leader.election && (status.leader.isLeader ? ', which leads' : ', a follower'),
    ' · version ', told(status.version)]);
  // Explanations follow the Services, and are asked for more seldom.
  const times = Object.values(asked).filter(q => q !== asked.explain && q.at !== null).map(q => q.at);
  const age = `as of ${span(now() - Math.min(...times))} ago`;
  into('fresh', tokenWanted !== null ? mark('off', 'needs a token')
    : times.length === 0 ? mark('busy', 'no data yet')
    : mark(old ? 'bad' : 'ok', age));
}

// What is wrong, on top.

function showState(old) {
  const status = asked.status.data;
  const verdict = verdictOf(status);
  say(verdict.text);
  // For those who have the tab somewhere behind others.
  document.title = `${old ? 'Old' : tokenWanted !== null ? 'Token needed' : verdict.text} · Dynamic Toolset Service`;
  const problems = status ? problemsOf(status) : [];
  into('state',
    el('p', { class: `verdict ${verdict.kind}` }, mark(verdict.kind, verdict.text)),
    status === null && asked.status.trouble && noAnswer(asked.status),
    problems.length > 0 && el('ul', { class: 'problems', 'aria-label': 'Problems' }, limited('state', problems, toProblem, FIRST_PROBLEMS)),
    status && status.problemsTotal > status.problems.length && quiet(`${count(status.problemsTotal, 'problem')} in all.`));
}

function verdictOf(status) {
  const verdict = (kind, text) => ({ kind, text });
  if (status === null) return asked.status.trouble ? verdict('warn', 'State unknown') : verdict('busy', 'Asking …');
  const { healthy, unhealthy, unknown } = status.counts;
  const all = healthy + unhealthy + unknown;
  const wrong = status.problems.filter(p => !NOTES.has(p.kind));
  const failed = status.checks.filter(c => c.state === 'failed').map(c => c.name);
  const worst = WORST.find(([kind]) => wrong.some(p => p.kind === kind));
  if (failed.some(f => f !== 'not-stopping')) return verdict('bad', 'The service is not ready');
  if (failed.length > 0) return verdict('bad', 'The service is stopping');
  if (worst) return verdict('bad', worst[1]);
  if (unhealthy > 0) return verdict('bad', `${number(unhealthy)} of ${count(all, 'backend')} ${unhealthy === 1 ? 'is' : 'are'} unhealthy`);
  if (wrong.length > 0) return verdict('warn', `${count(wrong.length, 'thing')} to look at`);
  if (unknown > 0) return verdict('busy', `Converging: ${count(unknown, 'backend')} not checked yet`);
  if (!status.converged) return verdict('busy', 'Converging: the ConfigMap is not up to date yet');
  if (all === 0) return verdict('warn', 'No backend was found');
  return verdict('ok', `All is well: ${count(all, 'backend')} ${all === 1 ? 'answers' : 'answer'}, and the ConfigMap is up to date`);
}

/** Problems that are about everything, the worst first. */
const WORST = [
  ['healthPanic', 'No health check passes; the toolsets stay'],
  ['malformedOverrides', 'The overrides have an error'],
  ['malformedRules', 'The detector rules have an error'],
];

let saidLast = '';

/** Told to those who do not see it change. */
function say(text) {
  if (text === saidLast) return;
  saidLast = text;
  into('said', text);
}

const isPanic = () => asked.status.data?.problems.some(p => p.kind === 'healthPanic') ?? false;

function problemsOf(status) {
  // What stops the checks of health has a problem of its own, which says more.
  const isTold = c => c.name === 'health-checks' && status.problems.some(p => p.kind === 'healthPanic' || p.kind === 'checksObstructed');
  const checks = status.checks.filter(c => c.state !== 'ok' && !isTold(c))
    .map(c => ({ kind: c.state === 'failed' ? 'bad' : 'warn', title: c.name, detail: c.detail ?? c.state }));
  const own = status.problems.map(p => ({ kind: weightOf(p.kind), title: wordsOf(p.kind), about: p.service, detail: p.detail }));
  const down = isPanic() ? [] : (asked.services.data?.services ?? []).filter(s => s.health?.status === 'unhealthy').map(toProblemOf);
  const weight = { bad: 0, warn: 1, off: 2 };
  return [...checks, ...own, ...down].map((p, i) => ({ ...p, i })).sort((a, b) => weight[a.kind] - weight[b.kind] || a.i - b.i);
}

/** Of a Service whose backend is unhealthy. */
const toProblemOf = s => ({
  kind: 'bad', title: 'unhealthy', about: keyOfService(s),
  detail: [`${answerOf(s.health)} to ${s.health.request}; no toolset until it is healthy`, s.health.advice].filter(Boolean).join('. '),
});

const weightOf = kind => NOTES.has(kind) ? 'off' : WARNINGS.has(kind) ? 'warn' : 'bad';

const toProblem = p => el('li', { class: `problem ${p.kind}`, key: `${p.title} ${p.about} ${p.detail}` },
  mark(p.kind, told(p.title)), el('span', { class: 'detail' }, p.about && [code(p.about), ': '], told(p.detail)));

const noAnswer = q => notice('warn', TROUBLES[q.trouble.kind] ?? 'This could not be read: ', told(q.trouble.detail));

const TROUBLES = {
  forbidden: 'No permission: ', unavailable: 'Not yet: ', busy: 'Too many requests, waiting: ', unreachable: 'No answer: ',
};

// The five stages.

function showFlow() {
  const status = asked.status.data;
  const services = asked.services.data;
  const toolsets = asked.toolsets.data?.toolsets;
  const held = services ? services.services.filter(s => s.toolset).length : status?.names.length;
  const behind = status?.names.reduce((sum, n) => sum + n.behind.length, 0);
  const off = toolsets?.filter(t => !t.enabled).length;
  into('flow', el('ol', null,
    stage('services', 'Services', services?.total, `found, ${droppedOf()?.length ?? '?'} dropped`),
    stage('services', 'Checks', status?.counts.healthy, checksWord(status), checksKind(status)),
    stage('names', 'Names', held, `held, ${behind ?? '?'} behind`),
    stage('toolsets', 'Toolsets', status?.counts.toolsets, off > 0 ? `${off} of them off` : toolsets && 'all on'),
    stage('configmap', 'ConfigMap', status && size(status.configMap.bytes), status && writtenOf(status.configMap), configMapKind(status))));
}

const stage = (target, title, value, words, kind) => el('li', { class: kind }, el('a', { href: `#${target}` },
  el('span', { class: 'stage' }, title), ' ',
  el('strong', null, typeof value === 'number' ? number(value) : value ?? '–'), ' ',
  el('span', { class: 'quiet' }, words)));

function writtenOf({ refused, lastWrite }) {
  if (refused) return 'not written';
  return lastWrite ? ['written ', ago(lastWrite.at)] : 'no write yet';
}

function checksWord(status) {
  if (!status) return '';
  const { unhealthy, unknown } = status.counts;
  return ['healthy', unhealthy > 0 && `${unhealthy} failing`, unknown > 0 && `${unknown} not known`].filter(Boolean).join(', ');
}

const checksKind = status => !status ? null : status.counts.unhealthy > 0 ? 'bad' : status.counts.unknown > 0 ? 'busy' : 'ok';

const configMapKind = status => !status ? null : status.configMap.refused ? 'bad' : status.converged ? 'ok' : 'busy';

// Lists.

/** The first rows, and a button for more of them. */
function limited(id, items, toRow, first = FIRST_ROWS) {
  const most = rows[id] ?? first;
  const rest = items.length - most;
  return [
    ...items.slice(0, most).map(toRow),
    rest > 0 && el('li', { class: 'more', key: 'more' },
      el('button', { type: 'button', 'data-more': id, 'data-first': first },
        `Show ${Math.min(rest, MORE_ROWS)} more of ${number(items.length)}`)),
  ];
}

function panel(id, title, q, total, ...content) {
  const isMissing = q.data === null;
  into(id,
    el('h2', { id: `${id}-title` }, title, !isMissing && total !== null && [' ', el('span', { class: 'number' }, total)]),
    isMissing ? q.trouble ? noAnswer(q) : quiet('Asking …') : content);
}

const numberOf = (shown, all) => shown === all ? number(all) : `${number(shown)} of ${number(all)}`;

const none = empty => quiet(filter || onlyNotable ? 'None matches the filter.' : empty);

const list = (label, items, id, toRow, empty) => items.length === 0
  ? none(empty)
  : el('ul', { class: 'rows', 'aria-label': label }, limited(id, items, toRow));

const table = (caption, heads, items, id, toRow, empty) => items.length === 0
  ? none(empty)
  : [
    // Said with roles, since on a narrow screen it is laid out as none.
    el('table', { role: 'table', class: id },
      el('caption', { class: 'unseen' }, caption),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, heads.map(h => el('th', { scope: 'col', role: 'columnheader' }, h)))),
      el('tbody', { role: 'rowgroup' }, items.slice(0, rows[id] ?? FIRST_ROWS).map(toRow))),
    items.length > (rows[id] ?? FIRST_ROWS) && el('ul', { class: 'rows' }, limited(id, items, () => null)),
  ];

const cell = (head, ...content) => el('td', { role: 'cell', 'data-head': head }, el('div', null, content));

const facts = pairs => el('dl', null, pairs.filter(p => p?.[1]).map(([name, ...value]) => [el('dt', null, name), el('dd', null, value)]));

// Services and their checks.

function answerOf({ reason, statusCode }) {
  const words = REASONS[reason];
  return [statusCode, words ?? (statusCode === null ? reason : null)].filter(part => part !== null).join(', ');
}

const VERDICTS = {
  works: 'an answer',
  credentials: 'a backend that wants credentials',
  tenant: 'a backend that wants a tenant header',
  certificate: 'an answer, but its certificate is not verified',
  no_data: 'an answer without data',
};

const COLUMNS = ['Service', 'Last check', 'When', 'Name', 'Toolset'];

const HEALTH = { healthy: 'ok', unhealthy: 'bad', unknown: 'busy' };

function showServices() {
  const all = asked.services.data?.services ?? [];
  const explained = new Map((asked.explain.data?.services ?? []).map(e => [keyOfService(e), e]));
  const names = new Map((asked.status.data?.names ?? []).map(n => [n.name, n]));
  const written = new Map((asked.toolsets.data?.toolsets ?? []).filter(t => t.service).map(t => [t.service, t]));
  const items = all.filter(s => fits(keyOfService(s), s.type, s.endpoint, s.toolset, s.health?.status)
    && (!onlyNotable || s.health?.status !== 'healthy' || s.health.override || s.question?.override));
  panel('services', 'Services found', asked.services, numberOf(items.length, all.length),
    table('Each detected Service, its last check, and its toolset', COLUMNS, items, 'services',
      s => serviceRow(s, explained.get(keyOfService(s)), names, written.get(keyOfService(s))), 'No Service of the cluster is a backend.'));
}

function serviceRow(s, explained, names, toolset) {
  const health = s.health;
  const rule = explained?.rule;
  return el('tr', { role: 'row', key: keyOfService(s), 'data-service': keyOfService(s) },
    cell('Service',
      el('details', null,
        el('summary', null, name(keyOfService(s)), ' ', type(s.type), ' ', under(told(s.endpoint))),
        facts([
          ['found by', rule ? ['rule ', code(rule)] : explained && 'its annotations'],
          ['answers as', s.identity && told([s.identity.product, s.identity.version].filter(Boolean).join(' '))],
          ['has', s.says && told(s.says)],
          ['HolmesGPT will get', s.question && told(VERDICTS[s.question.verdict] ?? s.question.verdict)],
          ['as probed', s.asProbed && told(s.asProbed)],
          ['asked', health && code(health.request)],
          ['tried too', health?.tried && told(health.tried)],
          ['state since', health?.since && ago(health.since)],
          ['first seen', s.discoveredAt && ago(s.discoveredAt)],
          ['what to do', (s.question?.advice ?? health?.advice) && told(s.question?.advice ?? health.advice)],
          ['override', (s.question?.override ?? health?.override) && code(s.question?.override ?? health.override)],
          ['labels', pairsOf(s.labels)],
          ['annotations', pairsOf(s.annotations)],
        ]))),
    cell('Last check', health
      ? [mark(HEALTH[health.status], told(health.status)), ' ',
        under(told(answerOf(health)), health.lastCheck && ` in ${health.responseTime} ms`), ' ',
        under(told(health.request.replace(s.endpoint, '')))]
      : mark('busy', 'not checked yet')),
    cell('When', health?.lastCheck ? ago(health.lastCheck) : el('span', { class: 'quiet' }, 'not yet')),
    cell('Name', nameOf(s, names, explained)),
    cell('Toolset', toolsetState(s, toolset, explained)));
}

/** Null where there are none. */
const pairsOf = map => Object.keys(map).length === 0 ? null
  : Object.entries(map).map(([key, value]) => el('span', { class: 'pair' }, code(`${key}: ${value}`)));

function nameOf(s, names, explained) {
  if (!s.toolset) return el('span', { class: 'quiet' }, explained?.standsInFor ? 'none' : 'none yet');
  const lost = [...names.values()].find(n => n.behind.includes(keyOfService(s)));
  return [code(s.toolset), lost && under('behind ', told(lost.holder), ' for ', code(lost.name))];
}

function toolsetState(s, toolset, explained) {
  if (asked.toolsets.data === null) return el('span', { class: 'quiet' }, 'not known');
  if (!toolset && s.health?.status === 'unhealthy') return mark('off', 'none while unhealthy');
  if (!toolset) return mark('off', explained?.standsInFor ? ['stands in for ', told(explained.standsInFor)] : 'not yet');
  if (!toolset.enabled) return mark('off', 'off by an override');
  return s.health?.status === 'unhealthy' ? mark('warn', 'kept') : mark('ok', 'in the ConfigMap');
}

// Services that were left out.

/** Null where that is not known. */
function droppedOf() {
  if (asked.explain.data === null) return null;
  const found = new Set((asked.services.data?.services ?? []).map(keyOfService));
  return asked.explain.data.services.filter(e => asked.services.data ? !found.has(keyOfService(e)) : !e.type || e.twinOf);
}

function showDropped() {
  const all = droppedOf() ?? [];
  const items = all.filter(e => fits(keyOfService(e), e.summary));
  panel('dropped', 'Dropped, and why', asked.explain, numberOf(items.length, all.length),
    list('Services that were dropped', items, 'dropped', toDropped, 'No Service only looks like a backend.'),
    asked.explain.data?.services.length >= 1000 && quiet('Of the first 1,000 Services that look like backends.'));
}

const toDropped = e => el('li', { key: keyOfService(e) }, el('details', null,
  el('summary', null, name(keyOfService(e)), ' ', under(told(e.summary ?? ''))),
  facts([
    ...e.why.map(rule => [['rule ', code(rule.rule)], rule.matched ? 'matches' : told(rule.failed ?? 'does not match')]),
    ['more', code(`dynamic-toolset explain ${keyOfService(e)}`)],
  ])));

// Names.

function showNames() {
  const all = asked.status.data?.names ?? [];
  const items = all.filter(n => fits(n.name, n.holder, ...n.behind) && (!onlyNotable || n.behind.length > 0 || n.healthy !== true));
  panel('names', 'Names', asked.status, numberOf(items.length, all.length),
    list('Which Service holds which name', items, 'names', toName, 'No name is held.'),
    all.length >= 200 && quiet('The first 200.'));
}

const toName = n => el('li', { key: n.name },
  el('div', { class: 'line' }, name(n.name), healthMark(n.healthy)),
  under('held by ', told(n.holder), n.behind.length > 0 && [', and behind it ', codes(n.behind)]));

const healthMark = healthy => healthy === null ? mark('busy', 'unknown') : healthy ? mark('ok', 'healthy') : mark('bad', 'unhealthy');

// Toolsets.

function showToolsets() {
  const all = asked.toolsets.data?.toolsets ?? [];
  const items = all.filter(t => fits(t.name, t.type, t.service, t.serviceEndpoint) && (!onlyNotable || t.healthy === false || !t.enabled));
  panel('toolsets', 'Toolsets', asked.toolsets, numberOf(items.length, all.length),
    list('Toolsets in the ConfigMap', items, 'toolsets', toToolset, 'There is no toolset.'));
}

const toToolset = t => el('li', { key: t.name }, el('details', null,
  el('summary', null, name(t.name), ' ', type(t.type), ' ',
    under(markOf(t), ' · ', t.service ? told(t.service) : 'not from a Service, so not checked')),
  el('pre', null, el('code', null, told(JSON.stringify(t.config, null, 2))))));

function markOf(toolset) {
  if (!toolset.enabled) return mark('off', 'off by an override');
  return toolset.healthy === false ? mark('warn', 'kept although its backend is unhealthy') : mark('ok', 'on');
}

// The ConfigMap.

function showConfigMap() {
  const map = asked.status.data?.configMap;
  const write = map?.lastWrite;
  panel('configmap', 'ConfigMap', asked.status, null, map && [
    el('p', { class: 'name' }, told(`${map.namespace}/${map.name}`)),
    map.refused && notice('bad', 'Nothing is written: ', told(map.refused)),
    facts([
      ['version', map.version === null ? 'there is none' : [code(map.version), `, ${size(map.bytes)}`]],
      ['last write', write ? [ago(write.at), `, ${wordsOf(write.kind)} in ${write.took} ms`] : 'none by this replica'],
      ['wrote', write?.set.length > 0 && codes(write.set)],
      ['removed', write?.removed.length > 0 && codes(write.removed)],
      ['repaired', write?.drift.length > 0 && el('ul', { class: 'plain' }, write.drift.map(d => el('li', null,
        el('strong', null, told(d.manager ?? 'somebody unknown')), ` ${DRIFT[d.kind] ?? d.kind} `, code(d.key || 'the whole'))))],
      ['does not fit', map.leftOut.length > 0 && codes(map.leftOut)],
    ]),
  ]);
}

// Overrides.

function showOverrides() {
  const overrides = asked.status.data?.overrides;
  const dormant = new Set(overrides?.dormant.map(d => d.name));
  const awake = overrides?.inForce.filter(n => !dormant.has(n)) ?? [];
  panel('overrides', 'Overrides', asked.status, number(awake.length + dormant.size), overrides && [
    overrides.problem && notice('bad', el('strong', null, 'overrides.yaml has an error: '), told(overrides.problem),
      '. Until it is mended the last good ones stay in force.'),
    overrides.files.filter(f => f.problem).map(f => notice('bad', el('strong', null, code(f.file), ' cannot be used: '), told(f.problem),
      '. Until it is mended what it said last stays in force.')),
    facts([
      ['in force', awake.length > 0 ? codes(awake) : 'none'],
      ['ignored', dormant.size > 0 && el('ul', { class: 'plain' },
        overrides.dormant.map(d => el('li', null, code(d.name), ' ', told(DORMANT[d.reason] ?? d.reason))))],
      ['override files', overrides.files.length > 0 && codes(overrides.files.map(f => f.file))],
    ]),
  ]);
}

// The service itself.

function showService() {
  const status = asked.status.data;
  panel('service', 'The service', asked.status, null, status && facts([
    ['leader', leaderOf(status.leader)],
    ['last round', ago(status.asOf)],
    ['rules', `${status.rules.inForce} in force`, status.rules.problems.map(p => el('div', null, told(p)))],
    ['checks', el('ul', { class: 'plain' }, status.checks.map(c => el('li', null,
      mark(c.state === 'ok' ? 'ok' : c.state === 'failed' ? 'bad' : 'warn', told(c.name)), c.detail && [' ', told(c.detail)])))],
    ['HolmesGPT', status.reload.url !== null && reloadOf(status.reload)],
    ['version', [told(status.version), ' ', code(status.commit.slice(0, 12))]],
  ]));
}

/** Who of HolmesGPT was told of the last change: those that could not be are named. */
function reloadOf(reload) {
  const failed = reload.addresses.filter(a => a.detail !== null);
  const by = ['by ', code(reload.url)];
  if (reload.addresses.length === 0) return ['not told to reload yet, ', by];
  return [
    `${number(reload.addresses.length - failed.length)} of ${number(reload.addresses.length)} told to reload, `, by,
    reload.more > 0 && `; ${number(reload.more)} more are too many to be called`,
    failed.length > 0 && el('ul', { class: 'plain' }, failed.map(a => el('li', null,
      mark('warn', a.address === null ? 'no address' : code(a.address)), ' ', told(a.detail)))),
  ];
}

function leaderOf(leader) {
  if (!leader.election) return 'no election, one replica';
  if (leader.holder === null) return mark('warn', 'no leader is known');
  return [code(leader.holder), leader.isLeader && ', which answers here'];
}

// ---- What people do -------------------------------------------------------------------------------------------------

function askAllNow() {
  for (const q of Object.values(asked)) q.next = Math.min(q.next, now());
  askWhatIsDue();
}

byId('filter').addEventListener('input', event => {
  filter = event.target.value.trim().toLowerCase();
  show();
});

byId('notable').addEventListener('change', event => {
  onlyNotable = event.target.checked;
  show();
});

byId('sign-in-form').addEventListener('submit', event => {
  event.preventDefault();
  const given = byId('token').value.trim().replace(/^Bearer\s+/i, '');
  byId('token').value = '';
  // Anything else cannot be sent in a header.
  if (!/^[\x21-\x7e]+$/.test(given)) {
    tokenWanted = 'This is not a token: it has spaces or other characters that are not allowed.';
    show();
    return;
  }
  useToken(given);
  byId('main').focus();
});

byId('forget').addEventListener('click', () => useToken(null));

/** What was shown was for somebody else. */
function useToken(given) {
  token = given;
  tokenWanted = null;
  for (const q of Object.values(asked)) Object.assign(q, question(q.path), { busy: q.busy });
  show();
  askAllNow();
}

document.addEventListener('click', event => {
  const more = event.target.closest?.('[data-more]');
  if (!more) return;
  const id = more.dataset.more;
  const before = rows[id] ?? Number(more.dataset.first);
  rows[id] = before + MORE_ROWS;
  show();
  // Who reads on by keyboard goes on where the new ones begin.
  byId(id)?.querySelectorAll('summary')[before]?.focus();
});

document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  shownSince = now();
  for (const q of Object.values(asked)) if (q.trouble === null || q.trouble.kind === 'unreachable') q.next = Math.min(q.next, now());
  askWhatIsDue();
});

show();
askWhatIsDue();
setInterval(askWhatIsDue, SECOND / 4);
setInterval(() => document.hidden || show(), SECOND);
