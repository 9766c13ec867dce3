import http from 'node:http';
import { createInterface } from 'node:readline';

/** The least that any watcher in this language has to do: reads the same watches and parses each line, and keeps nothing. */
const [server = ''] = process.argv.slice(2);
for (const path of ['/api/v1/pods', '/api/v1/events'])
  http.get(`${server}${path}?watch=true&timeoutSeconds=3600&resourceVersion=${process.argv[3] ?? ''}`, (response) => {
    createInterface({ input: response }).on('line', (line) => void JSON.parse(line));
  });
