# syntax=docker/dockerfile:1

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml ./
COPY agent/pom.xml agent/
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -pl agent dependency:go-offline
COPY schemas schemas
COPY docs/rules docs/rules
COPY agent/src agent/src
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -DskipTests -Dexec.skip package \
 && "$JAVA_HOME/bin/jlink" --output /jre --strip-debug --no-header-files --no-man-pages \
      --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.unsupported,jdk.zipfs

FROM golang:1.26 AS helm
ENV CGO_ENABLED=0
COPY testbed/helm /src
WORKDIR /src
RUN --mount=type=cache,target=/root/go --mount=type=cache,target=/root/.cache \
    go build -trimpath -ldflags='-s -w' -o /helm helm.sh/helm/v3/cmd/helm

FROM golang:1.26 AS kustomize
ENV CGO_ENABLED=0
COPY testbed/kustomize /src
WORKDIR /src
RUN --mount=type=cache,target=/root/go --mount=type=cache,target=/root/.cache \
    go build -trimpath -ldflags='-s -w' -o /kustomize sigs.k8s.io/kustomize/kustomize/v5

FROM gcr.io/distroless/base-debian12:nonroot
COPY --from=helm /helm /usr/local/bin/helm
COPY --from=kustomize /kustomize /usr/local/bin/kustomize
COPY --from=build /jre /opt/jre
COPY --from=build /src/agent/target/lib /opt/orkestra/lib
COPY --from=build /src/agent/target/agent.jar /opt/orkestra/agent.jar
# File names of charts and repositories are UTF-8, whatever the base image says.
ENV LC_ALL=C.UTF-8
ENTRYPOINT ["/opt/jre/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxRAMPercentage=55", "-XX:+ExitOnOutOfMemoryError", \
    "--sun-misc-unsafe-memory-access=allow", "-jar", "/opt/orkestra/agent.jar"]
CMD ["agent"]
