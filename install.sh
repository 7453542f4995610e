#!/usr/bin/env bash
# Installs Martlet as a service, or runs its demo. See usage below, or: ./install.sh --help
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./install.sh demo [--port N]    try Martlet with made-up providers: in the foreground, nothing is installed
       sudo ./install.sh [install]     install it, start it as a service, look whether it is well
       sudo ./install.sh upgrade       put this version in the place of the installed one, without a gap
       sudo ./install.sh uninstall     take it away; configuration, state and the user martlet stay

  --jdk DIR      run it with this JDK, 25 or newer; else one is looked for, and on Debian 13 and Ubuntu installed
  --prefix DIR   put everything below DIR, without user and service: for a look at it without root

The jar is target/martlet.jar or martlet.jar beside this script; when there is neither, Maven builds it.
Installing twice changes nothing that is already so, and configuration is never overwritten.
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
java_release=25

say() { printf '%s\n' "$*"; }
fail() { # CODE TEXT
    printf 'install.sh: %s\n' "$2" >&2
    exit "$1"
}

command=install jdk='' prefix='' port=''
parse() {
    local named=''
    while [[ $# -gt 0 ]]; do
        case $1 in
            install | demo | upgrade | uninstall)
                [[ -z $named ]] || fail 64 "one command at a time: $named or $1 (see --help)"
                named=$1 command=$1
                ;;
            --jdk | --prefix | --port)
                [[ -n ${2-} ]] || fail 64 "$1 needs a value (see --help)"
                case $1 in --jdk) jdk=$2 ;; --prefix) prefix=$2 ;; --port) port=$2 ;; esac
                shift
                ;;
            -h | --help) usage; exit 0 ;;
            *) fail 64 "there is no command or option $1 (see --help)" ;;
        esac
        shift
    done
    [[ -z $port || $command == demo ]] || fail 64 '--port belongs to demo; the service has server.port in martlet.yaml'
    [[ -z $prefix || $command != upgrade ]] || fail 64 'upgrade is for the service; with --prefix install again'
    if [[ -n $prefix ]]; then
        mkdir -p "$prefix" || fail 73 "cannot make $prefix"
        prefix=$(cd "$prefix" && pwd)
        [[ $prefix != / ]] || prefix=''
    fi
}

# --- Java, and the jar ---------------------------------------------------------------------------------------------

# The home of a java, if it is new enough.
java_home() { # JAVA
    "$1" -XshowSettings:properties -version 2>&1 | awk -v least="$java_release" '
        $1 == "java.home" { sub(/^[^=]*= /, ""); home = $0 }
        $1 == "java.specification.version" { release = $3 }
        END { if (home == "" || release + 0 < least) exit 1; print home }'
}

java=''
find_java() {
    local candidate
    if [[ -n $jdk ]]; then
        java=$(java_home "$jdk/bin/java") || fail 69 "$jdk is not a JDK $java_release or newer"
        return
    fi
    for candidate in "$prefix/opt/martlet/jdk/bin/java" "${JAVA_HOME:-/none}/bin/java" /usr/lib/jvm/*/bin/java \
        "$(command -v java || true)"; do
        if [[ -x $candidate ]] && java=$(java_home "$candidate"); then return; fi
    done
    return 1
}

no_java="Java $java_release is missing: take one from https://adoptium.net, unpack it below /opt, and pass --jdk DIR"

install_java() {
    local package=openjdk-$java_release-jre-headless
    command -v apt-get >/dev/null || fail 69 "$no_java"
    say "Java $java_release is missing: asking the package manager"
    apt-get update -qq || say 'the package lists could not be refreshed; going on with those that are here'
    [[ -n $(apt-cache search --names-only "^$package\$") ]] || fail 69 "$no_java"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null ||
        fail 69 "the package $package could not be installed"
}

jar=''
find_jar() {
    local candidate
    for candidate in "$here/target/martlet.jar" "$here/martlet.jar"; do
        [[ -e $candidate ]] || continue
        jar=$candidate
        if [[ -d $here/src/main && -n $(find "$here/src/main" "$here/pom.xml" -newer "$jar" -print -quit) ]]; then
            say "note: the sources are newer than $jar; mvn package makes it anew"
        fi
        return
    done
    build_jar
}

build_jar() {
    [[ -e $here/pom.xml ]] || fail 66 "there is no martlet.jar beside this script, and no source to build it from"
    command -v mvn >/dev/null || fail 69 'building needs Maven and a JDK: apt-get install maven, or use a built martlet.jar'
    say 'building target/martlet.jar'
    # Not as root, if it can be helped: the tree belongs to whoever called sudo.
    local as=()
    if [[ $EUID -eq 0 && -n ${SUDO_USER-} ]]; then as=(runuser -u "$SUDO_USER" --); fi
    (cd "$here" && "${as[@]}" mvn -B -ntp -q package -DskipTests) || fail 70 'the build failed; see above'
    jar=$here/target/martlet.jar
}

# --- The demo ------------------------------------------------------------------------------------------------------

demo() {
    find_jar
    find_java || fail 69 "$no_java"
    exec "$java/bin/java" -jar "$jar" demo ${port:+--port "$port"}
}

# --- Files ---------------------------------------------------------------------------------------------------------

program=''    # where the program is
manual=''     # its man page
changed=''    # whether something of it is different from before
put() { # MODE FROM TO: in one step, so that a process that runs keeps its own
    [[ ! -e $3 ]] || ! cmp -s "$2" "$3" || return 0
    changed=yes
    install -D -m "$1" "$2" "$3.fresh"
    mv -f "$3.fresh" "$3"
}

put_text() { # MODE TO < TEXT
    local text
    text=$(mktemp)
    cat >"$text"
    put "$1" "$text" "$2"
    rm -f "$text"
}

put_program() {
    install -d -m 0755 "$program"
    if [[ -e $program/martlet.jar ]] && ! cmp -s "$jar" "$program/martlet.jar"; then
        cp -p "$program/martlet.jar" "$program/martlet.jar.previous"
    fi
    put 0644 "$jar" "$program/martlet.jar"
    put 0755 "$here/systemd/make-cache" "$program/make-cache"
    local text
    text=$(<"$here/etc/jvm.options")
    if [[ -n $prefix ]]; then
        text=${text//=\/opt\/martlet\/martlet.aot/=\"$program/martlet.aot\"}$'\n'"-Dmartlet.etc=\"$prefix/etc/martlet\""
    fi
    put_text 0644 "$program/jvm.options" <<<"$text"
    if [[ $(readlink "$program/jdk" 2>/dev/null) != "$java" ]]; then
        changed=yes
        ln -sfn "$java" "$program/jdk"
    fi
    put_text 0755 "$prefix/usr/local/bin/martlet" <<TEXT
#!/bin/sh
# Where the service finds its credentials, when it runs.
export CREDENTIALS_DIRECTORY="\${CREDENTIALS_DIRECTORY:-/run/credentials/martlet.service}"
exec "$program/jdk/bin/java" "@$program/jvm.options" -jar "$program/martlet.jar" "\$@"
TEXT
    install -D -m 0644 "$here/man/martlet.1" "$manual"
}

# Only what is not there; secrets may stand in both, so the group reads them and nobody else.
put_configuration() { # OWNER...
    local name
    install -d -m 0750 "$@" "$prefix/etc/martlet"
    for name in martlet.yaml martlet.env; do
        [[ -e $prefix/etc/martlet/$name ]] || install -m 0640 "$@" "$here/etc/$name" "$prefix/etc/martlet/$name"
    done
}

make_cache() {
    say 'making the AOT cache, which lets Martlet start faster'
    "$program/make-cache" || say 'going on without it; systemctl start martlet-cache tries again'
}

# --- The service ---------------------------------------------------------------------------------------------------

units=/etc/systemd/system

put_service() {
    local unit
    for unit in martlet.service martlet@.service martlet-cache.service; do
        put 0644 "$here/systemd/$unit" "$units/$unit"
    done
    systemctl daemon-reload
}

status() { systemctl show --property=StatusText --value "$1"; }

# The port of which it told systemd.
service_port() { status martlet | sed -nE 's/.* port ([0-9]+).*/\1/p'; }

healthy() {
    local answer
    exec 3<>"/dev/tcp/127.0.0.1/$(service_port)" || return 1
    printf 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
    IFS= read -r -t 10 answer <&3 || true
    exec 3<&-
    [[ $answer == *' 200 '* ]]
} 2>/dev/null

not_started() { # UNIT
    journalctl -u "$1" -n 15 --no-pager -o cat >&2 || true
    fail 70 "$1 does not start; its last lines are above. After a change: systemctl restart martlet"
}

# As the service would, and with the jar that is to come, before a running one is touched. Where none runs, its start
# tells; and there would be no credentials to read.
check_configuration() {
    [[ -n $prefix ]] || systemctl --quiet is-active martlet 2>/dev/null || return 0
    local files=("$prefix/etc/martlet/martlet.yaml") said
    [[ ! -e $prefix/etc/martlet/martlet.env ]] || files+=(--env "$prefix/etc/martlet/martlet.env")
    said=$(CREDENTIALS_DIRECTORY=/run/credentials/martlet.service "$java/bin/java" -jar "$jar" check "${files[@]}" 2>&1) || {
        [[ $? == 78 ]] || fail 70 "$jar does not run, nothing was changed:"$'\n'"$said"
        fail 78 "the configuration is not right, nothing was changed:"$'\n'"$said"
    }
}

reachable_by_service() {
    case $java in
        /home/* | /root/* | /run/user/*) fail 69 "the service cannot see $java, its sandbox hides homes: move that JDK below /opt" ;;
    esac
}

install_all() {
    local owner=()
    if [[ -z $prefix && $EUID -ne 0 ]]; then
        fail 77 'installing a service needs root: sudo ./install.sh (or --prefix DIR for a look without, or demo)'
    fi
    find_jar
    if ! find_java; then
        [[ -z $prefix ]] || fail 69 "$no_java"
        install_java
        find_java || fail 69 "$no_java"
    fi
    if [[ -z $prefix ]]; then
        reachable_by_service
        id -u martlet >/dev/null 2>&1 ||
            useradd --system --user-group --no-create-home --home-dir /var/lib/martlet --shell /usr/sbin/nologin martlet
        owner=(-o root -g martlet)
    fi
    put_configuration "${owner[@]}"
    check_configuration
    put_program
    if [[ -n $prefix || ! -d /run/systemd/system ]]; then
        make_cache
        [[ -n $prefix ]] || install -d -m 0700 -o martlet -g martlet /var/lib/martlet
        say "installed, and not started: there is no systemd to do it${prefix:+ for --prefix}. By hand:"
        say "  '$prefix/usr/local/bin/martlet' serve"
        return
    fi
    put_service
    make_cache
    start_service
    next_steps
}

start_service() {
    systemctl enable --quiet martlet
    if [[ -n $changed ]] && systemctl --quiet is-active martlet; then
        say 'restarting it, because it changed (upgrade does so without a gap)'
        systemctl restart martlet || not_started martlet
    else
        systemctl start martlet || not_started martlet
    fi
    healthy || say 'note: it says that it is ready, and yet /health does not answer with 200 on 127.0.0.1'
}

next_steps() {
    cat <<TEXT

$(status martlet) is running.

  configure    /etc/martlet/martlet.yaml, or SERVICE_1 and SERVICE_2 in /etc/martlet/martlet.env
               sudo martlet check && sudo systemctl restart martlet
  look         systemctl status martlet        curl http://127.0.0.1:$(service_port)/health
  follow       journalctl -u martlet -f        only warnings: journalctl -u martlet -p warning
  upgrade      sudo ./install.sh upgrade, from the tree of the new version
TEXT
}

# --- Upgrade -------------------------------------------------------------------------------------------------------

# A second unit with the new version takes the port beside the old one; while it serves, martlet.service ends its calls
# and comes back with the new version; then the second one ends its own. The names of units stay what they are.
bridge=martlet@bridge.service

upgrade() {
    [[ $EUID -eq 0 ]] || fail 77 'upgrading needs root: sudo ./install.sh upgrade'
    [[ -e $units/martlet.service ]] || fail 66 'it is not installed yet: sudo ./install.sh'
    find_jar
    find_java || fail 69 "$no_java"
    reachable_by_service
    check_configuration
    put_program
    put_service
    if [[ -z $changed ]]; then
        say "nothing to do: $(status martlet) is this version"
        return
    fi
    make_cache
    if ! systemctl --quiet is-active martlet; then
        say 'upgraded; the service is not running: systemctl start martlet'
        return
    fi
    hand_over
    healthy || fail 70 'upgraded, and yet /health does not answer with 200 on 127.0.0.1; see journalctl -u martlet'
    say "upgraded: $(status martlet)"
}

# What systemctl edit martlet says holds for the unit that stands in for it as well.
bridge_like_service() {
    local edits=/run/systemd/system/$bridge.d edit
    rm -rf "$edits"
    mkdir -p "$edits"
    while IFS= read -r edit; do
        [[ ! -e $edit ]] || cp "$edit" "$edits"
    done < <(systemctl show --property=DropInPaths --value martlet | tr ' ' '\n')
    systemctl daemon-reload
}

# A listener that is closed resets whom it has not accepted yet, unless the kernel may hand them to its neighbour. For
# this while it may (ip-sysctl, since Linux 5.14).
migrate=/proc/sys/net/ipv4/tcp_migrate_req
hand_over_whom_nobody_accepted() {
    [[ -w $migrate && $(<"$migrate") == 0 ]] || return 0
    trap 'echo 0 >"$migrate"' EXIT
    echo 1 >"$migrate"
}

hand_over() {
    bridge_like_service
    hand_over_whom_nobody_accepted
    if ! systemctl start "$bridge"; then
        local code
        code=$(systemctl show --property=ExecMainStatus --value "$bridge")
        systemctl reset-failed "$bridge" 2>/dev/null || true
        [[ $code == 69 ]] || step_back
        say 'the running version does not share its port: it is restarted, with a short gap'
        systemctl restart martlet || not_started martlet
        return
    fi
    say "$(status "$bridge") has taken over; the old version ends its calls"
    systemctl restart martlet || fail 70 "the new version runs as $bridge, and martlet.service does not start: journalctl -u martlet"
    say 'the service is back; the one that stood in ends its calls'
    systemctl stop "$bridge"
}

step_back() {
    journalctl -u "$bridge" -n 15 --no-pager -o cat >&2 || true
    if [[ -e $program/martlet.jar.previous ]]; then mv -f "$program/martlet.jar.previous" "$program/martlet.jar"; fi
    fail 70 'the new version does not start, see above; the old one runs on, and its jar is back in its place'
}

uninstall() {
    [[ -n $prefix || $EUID -eq 0 ]] || fail 77 'uninstalling needs root: sudo ./install.sh uninstall'
    if [[ -z $prefix && -d /run/systemd/system ]]; then
        systemctl disable --quiet --now martlet "$bridge" 2>/dev/null || true
        rm -f "$units"/martlet.service "$units"/martlet@.service "$units"/martlet-cache.service
        systemctl daemon-reload
    fi
    rm -rf "$program" "$prefix/usr/local/bin/martlet" "$manual"
    say "uninstalled. Configuration and state are as they were: $prefix/etc/martlet and $prefix/var/lib/martlet"
    [[ -n $prefix ]] || say 'to forget them too: rm -r /etc/martlet /var/lib/martlet; userdel martlet'
}

parse "$@"
program=$prefix/opt/martlet
manual=$prefix/usr/local/share/man/man1/martlet.1
case $command in
    install) install_all ;;
    demo) demo ;;
    upgrade) upgrade ;;
    uninstall) uninstall ;;
esac
