# syntax=docker/dockerfile:1.7

# Three small images from one build: `docker build --target worker .`, and so for starter and sandbox. Each holds its
# program, the certificates of public authorities and nothing else: no shell, no root.

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
ENV CGO_ENABLED=0
# The modules change less often than the code: they are a layer of their own.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The repository isn't copied: without this argument the programs call themselves "development".
ARG VERSION=""
RUN go build -trimpath -ldflags "-s -w -X github.com/accessbridge/accessbridge/internal/version.release=${VERSION}" -o /out/ ./worker ./starter ./sandbox \
 && mkdir -p /empty/sandbox /empty/tmp

FROM scratch AS base
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /empty/tmp /tmp
USER 65532:65532

FROM base AS starter
COPY --from=build /out/starter /starter
ENTRYPOINT ["/starter"]

FROM base AS sandbox
COPY --from=build /out/sandbox /sandbox-server
# A named volume that is mounted here takes over the owner.
COPY --from=build --chown=65532:65532 /empty/sandbox /sandbox
ENTRYPOINT ["/sandbox-server"]

FROM base AS worker
COPY --from=build /out/worker /worker
ENTRYPOINT ["/worker"]
