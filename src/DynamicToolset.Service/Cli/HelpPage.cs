namespace DynamicToolset.Service.Cli;

/// <summary>The help of each command, written to be read at a width of 100 columns.</summary>
internal static class HelpPage
{
    private const string Root = """
        Finds observability backends in a Kubernetes cluster, checks them, and keeps the toolset
        configuration for HolmesGPT in the ConfigMap kubernaut-toolset-config up to date.

        Usage: dynamic-toolset [COMMAND] [FLAGS]

        Commands:
          run         run the service (the default)
          sandbox     run the same service on an in-memory Kubernetes API, to try it out
          generate    print the ConfigMap that the service would write, without writing it
          diff        show what the service would change in the existing ConfigMap
          explain     say why a Service was or was not detected, and what to change
          status      show what was found, its health, the leader, the last write and problems
          validate    check detector rules, overrides and files for HolmesGPT before you use them
          replay      decide the rounds recorded in JOURNAL_DIR again, offline, and say why
          version     print version, commit and runtime
          completion  print the completion script for bash, zsh or fish

        Examples:
          dynamic-toolset sandbox
          kubectl get svc -A -o yaml | dynamic-toolset generate -f -
          dynamic-toolset explain monitoring/grafana
          dynamic-toolset run --namespaces monitoring,logging --print-config

        A setting is a flag (--port 8081), an environment variable (PORT=8081) or a line of a YAML file
        (--config FILE with PORT: 8081). The first of these wins.
        "dynamic-toolset run --help" lists all settings; each command has its own --help.

        """;

    private const string Run = """
        Watches Services, checks the backends, and keeps the ConfigMap up to date until it is stopped.

        Usage: dynamic-toolset [run] [--dry-run] [--yes] [FLAGS]

          --dry-run                           Write neither the ConfigMap nor Events. Show each change on
                                              standard error instead.
          --yes                               Outside of a cluster, allow removing half of the toolsets
                                              or more. Without it such a start shows the diff and ends
                                              with 1.
          --print-config [-o json]            Show every setting in use and where it comes from, then exit.

        Examples:
          dynamic-toolset run --kubeconfig ~/.kube/config --dry-run
          DISCOVERY_INTERVAL=1m dynamic-toolset --config settings.yaml --print-config

        Settings (the environment variable of --health-check-timeout is HEALTH_CHECK_TIMEOUT):

        """;

    private const string Sandbox = """
        Runs the service on an in-memory Kubernetes API, with sample backends behind every Service.
        It needs no cluster and does not touch one.

        Usage: dynamic-toolset sandbox [--once] [-f PATH]… [-R] [--port N] [FLAGS]

          --once                              Exit after convergence, with the ConfigMap on standard output;
                                              with 1 if something of -f has an error, with 2 if a file
                                              cannot be read.
          -f, --filename PATH                 Start with these manifests: a file or a directory, repeatable.
                                              Anything unusable is reported and skipped.
          -R, --recursive                     Also read the directories below those of -f.
          --port N                            Port of the REST API and the page; default: any free port.
          --print-config [-o json]            Show every setting in use and where it comes from, then exit.

        Examples:
          dynamic-toolset sandbox
          dynamic-toolset sandbox --once -f services.yaml

        The settings of "dynamic-toolset run --help" are flags here too; some defaults are shorter.

        """;

    private const string Generate = """
        Prints the ConfigMap that the service would write. Writes nothing to the cluster.

        Usage: dynamic-toolset generate [-f FILE|DIR|-]… [-R] [-n NAMESPACE] [--overrides FILE|DIR]…
                                        [--probe] [-o yaml|json] [FLAGS]

          -f, --filename FILE|DIR|-           Read Services from manifests or standard input, repeatable.
                                              The default is the cluster of the kubeconfig.
          --overrides FILE|DIR                Merge this file as the ConfigMap's overrides.yaml. Repeatable:
                                              the last file is that key; earlier ones, and files of a
                                              directory, are merged before it, like OVERRIDES_DIR. Default:
                                              the ConfigMap in the cluster or among the files of -f.
          -R, --recursive                     Also read the directories below those of -f.
          -n, --namespace NAMESPACE           For Services of -f without a namespace; default: default.
          --probe                             Check the endpoints; without it each counts as healthy.
          -o, --output yaml|json              Default yaml.
          --print-config [-o json]            Show every setting in use and where it comes from, then exit.

        Examples:
          dynamic-toolset generate
          kubectl get svc -A -o yaml | dynamic-toolset generate -f -
          helm template monitoring ./chart | dynamic-toolset generate -f - -n monitoring

        Manifests are read as kubectl reads them. An error skips its document: it is reported with its
        place, the rest is processed, and the exit code is 1; for a file that cannot be read it is 2.
        The settings of "dynamic-toolset run --help" are flags here too.

        """;

    private const string Diff = """
        Shows what the service would change in the existing ConfigMap. Writes nothing.

        Usage: dynamic-toolset diff [-f FILE|DIR|-]… [-R] [-n NAMESPACE] [--configmap FILE]
                                    [--overrides FILE|DIR]… [--probe] [-o text|json] [FLAGS]

          -f, --filename FILE|DIR|-           Read Services from manifests or standard input, repeatable,
                                              and the ConfigMap if it is among them. Needs no cluster.
          -R, --recursive                     Also read the directories below those of -f.
          -n, --namespace NAMESPACE           For Services of -f without a namespace; default: default.
          --configmap FILE                    Compare with the ConfigMap in this file.
          --overrides FILE|DIR                Use this file as the ConfigMap's overrides.yaml. The diff
                                              omits this key, since the service never writes it.
                                              Repeatable, as for generate.
          --probe                             Check the endpoints, and leave out those that do not answer.
                                              Without it each counts as healthy, so an unhealthy one
                                              shows as a difference.
          -o, --output text|json              Default text: a unified diff for each key that differs.
          --print-config [-o json]            Show every setting in use and where it comes from, then exit.

        Exit codes: 0: nothing to change. 1: something differs, or part of the manifests could not be
        read. 2: no answer, since the cluster or an input cannot be read, overrides.yaml has an error, or
        the service could not write the ConfigMap.

        Examples:
          dynamic-toolset diff --probe
          dynamic-toolset diff --overrides overrides.yaml
          kubectl get svc,cm -A -o yaml | dynamic-toolset diff -f -
          dynamic-toolset diff -o json | jq -r '.changes[].key'

        The diff never contains overrides.yaml and keys of others, which the service does not change. To
        compare the owner, the service's Deployment is read from the namespace of the ConfigMap.
        The settings of "dynamic-toolset run --help" are flags here too.

        """;

    private const string Explain = """
        Says why a Service was or was not detected: as what, or the closest rule with the first condition
        that failed and what to change. Writes nothing.

        Usage: dynamic-toolset explain NAMESPACE/NAME [-f FILE|DIR|-]… [-R] [-n NAMESPACE]
                                       [--overrides FILE|DIR]… [--probe] [-o table|json] [FLAGS]
               dynamic-toolset explain --all [-f FILE|DIR|-]… [-R] [-n NAMESPACE]
                                       [--overrides FILE|DIR]… [--probe] [-o table|json] [FLAGS]

          --all                               Print a table of all Services that are a backend or nearly.
          -f, --filename FILE|DIR|-           Read Services from manifests or standard input, repeatable.
                                              The default is the cluster of the kubeconfig.
          --overrides FILE|DIR                As for generate, to show which of them sets what.
          -R, --recursive                     Also read the directories below those of -f.
          -n, --namespace NAMESPACE           For Services of -f without a namespace; default: default.
          --probe                             Also check the health of detected Services.
          -o, --output table|json             Default table. JSON has every Service, but no health.
          --print-config [-o json]            Show every setting in use and where it comes from, then exit.

        Examples:
          dynamic-toolset explain monitoring/grafana
          kubectl get svc -A -o yaml | dynamic-toolset explain --all -f -
          dynamic-toolset explain --all -o json

        The settings of "dynamic-toolset run --help" are flags here too.

        """;

    private const string Status = """
        Shows what was found, whether it is healthy and why not, the leader, the last write, and problems.

        Usage: dynamic-toolset status [--url URL [--token-file FILE]] [--watch] [-o table|json] [FLAGS]

          --url URL                           Ask the REST API of the running service, for example after
                                              kubectl port-forward -n kubernaut-system deploy/dynamic-toolset 8080
                                              Without it the cluster of the kubeconfig is read, which has no
                                              results of checks. In the service's own pod (if POD_NAME is
                                              the host name) that instance is asked if it listens.
          --token-file FILE                   A file with a bearer token, as from kubectl create token.
          -w, --watch                         Refresh every two seconds, until Ctrl-C.
          -o, --output table|json             Default table.
          --print-config [-o json]            Show every setting in use and where it comes from, then exit.

        Examples:
          dynamic-toolset status
          dynamic-toolset status --url http://localhost:8080 --token-file token --watch
          kubectl exec -n kubernaut-system deploy/dynamic-toolset -- dynamic-toolset status

        The settings of "dynamic-toolset run --help" are flags here too.

        """;

    private const string Validate = """
        Checks detector rules, together with the built-in ones, and overrides. It recognises each by its
        content.

        Usage: dynamic-toolset validate FILE|DIR|-… [-o table|json]
               dynamic-toolset validate --holmes FILE|DIR|-… [--holmes-target compat|current] [-o json]

          --holmes   check toolset files for HolmesGPT: says what it would reject, and what to write
                     instead; HOLMES_TARGET, HOLMES_BASE_TOOLSETS and CONFIG_FILE have an effect

        Problems are printed as file:line:column: message, and the exit code is 1. A warning is for what
        HolmesGPT accepts but nobody would mean; with warnings only, the exit code is 0. A file that
        cannot be read is reported, the others are checked, and the exit code is 2.

        Examples:
          dynamic-toolset validate rules/
          dynamic-toolset validate --holmes custom_toolset.yaml
          kubectl get cm kubernaut-toolset-config -n kubernaut-system \
            -o jsonpath='{.data.overrides\.yaml}' | dynamic-toolset validate -

        """;

    private const string Replay = """
        Decides every round again that a service recorded in JOURNAL_DIR, and says what changed, what was
        decided, and whether this version decides the same. Needs no cluster and writes nothing.

        Usage: dynamic-toolset replay FILE|DIR [--round N] [--explain NAMESPACE/NAME] [-o text|json|raw]

          --round N                     only this round
          --explain NAMESPACE/NAME      why this Service was or was not detected, as of that round or of
                                        the last one
          -o, --output text|json|raw    default text; raw prints the file unchanged, to copy it from a pod

        Of a directory the newest file is used. Secrets and values of overrides are placeholders in a
        journal. A last line that is cut off, as after a crash, is ignored and reported. The exit code
        is 1 if a round is decided differently from the record, and 2 if the file cannot be read.

        Examples:
          dynamic-toolset replay rounds-20260102T030405.678Z.jsonl
          dynamic-toolset replay rounds-20260102T030405.678Z.jsonl --round 12 --explain monitoring/grafana

        """;

    private const string Version = """
        Prints version, commit and runtime.

        Usage: dynamic-toolset version [-o json]

        """;

    private const string Completion = """
        Prints a script with which the shell completes commands, flags and values of dynamic-toolset. It
        asks the program itself, so you need not print it again for another version.

        Usage: dynamic-toolset completion bash|zsh|fish

        In ~/.bashrc:
          source <(dynamic-toolset completion bash)

        In ~/.zshrc, after compinit:
          source <(dynamic-toolset completion zsh)

        In ~/.config/fish/config.fish:
          dynamic-toolset completion fish | source

        """;

    /// <param name="command">The command's name; any other text gives the page of the program itself.</param>
    public static string Of(string command) => command switch
    {
        "run" => Run + SettingsHelp.Text(),
        "sandbox" => Sandbox,
        "generate" => Generate,
        "diff" => Diff,
        "explain" => Explain,
        "status" => Status,
        "validate" => Validate,
        "replay" => Replay,
        "version" => Version,
        "completion" => Completion,
        _ => Root,
    };
}
