FROM node:22-bookworm-slim AS graphiql
WORKDIR /graphiql
COPY gateway/graphiql/package.json gateway/graphiql/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY gateway/graphiql .
RUN npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /bazaar
COPY . .
COPY --from=graphiql /graphiql/dist gateway/graphiql/dist
RUN cargo build --release --locked --package bazaar

FROM debian:bookworm-slim
RUN useradd --system --create-home --home-dir /data bazaar
COPY --from=build /bazaar/target/release/bazaar /usr/local/bin/bazaar
USER bazaar
EXPOSE 4000
ENTRYPOINT ["bazaar"]
CMD ["run"]
