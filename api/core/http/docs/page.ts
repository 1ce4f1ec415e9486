/** The API as a page to read: no script, one style sheet, everything on it made from the same description as the OpenAPI document. */
import { ABOUT, ABOUT_SOCKETS, type ApiDescription, type SocketSide } from './openapi.ts'
import { html, type Html, withCode } from './html.ts'
import type { Operation } from './operation.ts'
import { remarkOn, shapeOf } from './shape.ts'

const ACCESS = {
  public: '公开 · anybody',
  customer: '客户 · customer: Authorization: Bearer <token>',
  staff: '员工 · staff: session cookie',
}

export function renderPage(api: ApiDescription): string {
  const tags = [...new Set(api.operations.map(({ tag }) => tag))]
  const page = html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>连客 API</title>
        <link rel="stylesheet" href="/api/docs/docs.css" />
      </head>
      <body>
        ${navigation(api, tags)}
        <main>
          <h1>连客 Lianke API</h1>
          <p>${withCode(ABOUT)}</p>
          <p>机器可读 · for machines: <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
          ${tags.map(
            (tag) =>
              html`<h2 id="tag-${anchor(tag)}">${tag}</h2>
                ${api.operations.filter((operation) => operation.tag === tag).map(operationSection)}`,
          )}
          <h2 id="realtime-events">实时 · realtime</h2>
          <p>${withCode(ABOUT_SOCKETS)}</p>
          ${sideSection('员工 · staff', api.sockets.staff)} ${sideSection('客户 · customer', api.sockets.customer)}
          <h2 id="schemas">数据 · schemas</h2>
          ${[...api.components].map(
            ([name, schema]) =>
              html`<section id="${name}">
                <h3>${name}</h3>
                <pre>${shapeOf(schema)}</pre>
              </section>`,
          )}
        </main>
      </body>
    </html>`
  return page.text
}

const anchor = (text: string) => text.replaceAll(' ', '-')

function navigation(api: ApiDescription, tags: readonly string[]): Html {
  const operations = (tag: string) =>
    api.operations
      .filter((operation) => operation.tag === tag)
      .map(({ id, method, path }) => html`<li><a href="#${id}">${badge(method)} ${path.replace('/api/v1', '')}</a></li>`)
  return html`<nav>
    <a class="home" href="#">连客 API</a>
    ${tags.map(
      (tag) =>
        html`<a href="#tag-${anchor(tag)}">${tag}</a>
          <ul>
            ${operations(tag)}
          </ul>`,
    )}
    <a href="#realtime-events">实时 · realtime</a>
    <a href="#schemas">数据 · schemas</a>
    <ul>
      ${[...api.components.keys()].map((name) => html`<li><a href="#${name}">${name}</a></li>`)}
    </ul>
  </nav>`
}

const badge = (method: string) => html`<span class="method ${method.toLowerCase()}">${method}</span>`

function operationSection(operation: Operation): Html {
  const { id, method, path, summary, auth, permission } = operation
  return html`<section id="${id}">
    <h3>${badge(method)} <code>${path}</code></h3>
    <p>${withCode(summary)}</p>
    <p class="access">${ACCESS[auth]}${permission === null ? null : html` · 权限 · permission <code>${permission}</code>`}</p>
    ${parameterTable(operation)} ${requestSection(operation)}
    <h4>${operation.status}</h4>
    <pre>${operation.answer ? shapeOf(operation.answer) : html`bytes`}</pre>
    <dl class="errors">
      ${[...operation.errors].map(
        ([status, codes]) =>
          html`<dt>${status}</dt>
            <dd>${codes.map((code) => html`<code>${code}</code> `)}</dd>`,
      )}
    </dl>
  </section>`
}

function parameterTable({ parameters }: Operation): Html | null {
  if (parameters.length === 0) return null
  return html`<table>
    ${parameters.map(
      ({ name, in: where, required, schema }) =>
        html`<tr>
          <th><code>${name}</code>${required ? '' : '?'}</th>
          <td>${where}</td>
          <td><code>${shapeOf(schema)}</code>${remarkOn(schema)}</td>
        </tr>`,
    )}
  </table>`
}

function requestSection({ body }: Operation): Html | null {
  if (!body) return null
  if (body.file) return html`<p>multipart/form-data, <code>file</code></p>`
  const example = body.example === undefined ? null : html`<pre class="example">${JSON.stringify(body.example, null, 2)}</pre>`
  return html`<h4>请求 · request</h4>
    <pre>${shapeOf(body.schema)}</pre>
    ${example}`
}

function sideSection(label: string, side: SocketSide): Html {
  const listed = (schemas: SocketSide['events']) =>
    Object.entries(schemas).map(
      ([name, schema]) =>
        html`<h4><code>${name}</code></h4>
          <pre>${shapeOf(schema)}</pre>`,
    )
  return html`<section>
    <h3>${label}</h3>
    <p>namespace <code>${side.namespace}</code> · ticket <code>POST ${side.ticket}</code></p>
    <h4 class="list">服务器发出 · events</h4>
    ${listed(side.events)}
    <h4 class="list">客户端发出 · commands</h4>
    ${listed(side.commands)}
  </section>`
}
