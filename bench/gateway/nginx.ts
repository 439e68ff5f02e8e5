/** nginx as a plain proxy: one worker, connections to the stub kept, no log, nothing buffered on disk. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BenchContext, pause, temporaryFolder } from '../bench.js';
import type { Child } from '../children.js';
import { freePort, untilConnected } from '../loopback.js';
import { childrenOf } from '../process-usage.js';

export interface Nginx {
  readonly child: Child;
  readonly port: number;
  /** Process id of its one worker, which does all the work. */
  readonly workerPid: number;
}

/** Null when it is not installed, which is said then. */
export async function startNginx(context: BenchContext, stubPort: number): Promise<Nginx | null> {
  if (!isInstalled()) {
    context.say('nginx is not installed, so its rows are left empty: apt-get install nginx-light');
    return null;
  }
  const folder = temporaryFolder();
  const port = await freePort();
  const configuration = path.join(folder, 'nginx.conf');
  writeFileSync(configuration, configurationOf(folder, port, stubPort));
  const child = context.children.start('nginx', ['-p', folder, '-e', 'stderr', '-c', configuration]);
  await untilConnected(child, port);
  let workers = childrenOf(child.pid);
  for (; workers.length === 0; workers = childrenOf(child.pid)) await pause(10);
  return { child, port, workerPid: workers[0]! };
}

function isInstalled(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function configurationOf(folder: string, port: number, stubPort: number): string {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${path.join(folder, kind)};`)
    .join(' ');
  return `${user}
daemon off;
worker_processes 1;
pid ${path.join(folder, 'nginx.pid')};
error_log stderr warn;
events { worker_connections 8192; }
http {
  access_log off;
  ${temporary}
  upstream stub {
    server 127.0.0.1:${stubPort};
    keepalive 1024;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    keepalive_requests 100000000;
    location / {
      proxy_pass http://stub;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}
