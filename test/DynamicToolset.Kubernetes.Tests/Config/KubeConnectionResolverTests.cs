using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Config;

public sealed class KubeConnectionResolverTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    [Fact]
    public void A_context_joins_a_cluster_a_user_and_a_namespace()
    {
        KubeConnection connection = Read("""
            apiVersion: v1
            kind: Config
            current-context: work
            contexts:
            - {name: home, context: {cluster: other, user: other}}
            - {name: work, context: {cluster: c, user: u, namespace: shop}}
            clusters:
            - name: other
              cluster: {server: 'https://other'}
            - name: c
              cluster: {server: 'https://api.example.com:6443/k8s/', tls-server-name: inner}
            users:
            - name: u
              user: {token: abc}
            """);
        Assert.Equal("https://api.example.com:6443/k8s/", connection.Server.AbsoluteUri);
        Assert.Equal(("shop", "inner", false), (connection.DefaultNamespace, connection.Tls.ServerName, connection.IsInCluster));
        Assert.Equal(new KubeCredentials.Token("abc"), connection.Credentials);
        Assert.EndsWith("config, context work", connection.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_is_read_as_well_as_YAML() =>
        Assert.Equal(
            new KubeCredentials.Basic("ann", "pw"),
            Read("""
                {"current-context":"x","contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],
                 "clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:8001"}}],"users":[{"name":"u","user":{"username":"ann","password":"pw"}}]}
                """).Credentials);

    [Theory]
    [InlineData("{}", "None")]
    [InlineData("{token: a}", "Token")]
    [InlineData("{token: a, tokenFile: t}", "TokenFile")]
    [InlineData("{username: a, password: b, token: c}", "Token")]
    [InlineData("{username: a}", "Basic")]
    [InlineData("{token: a, exec: {apiVersion: client.authentication.k8s.io/v1, command: p}}", "Exec")]
    [InlineData("{token: a, auth-provider: {name: gcp}}", "Token")]
    public void Of_several_credentials_the_strongest_counts(string user, string expected) =>
        Assert.Equal(expected, ReadUser(user).Credentials.ToString());

    [Fact]
    public void Paths_are_relative_to_the_file_that_names_them()
    {
        KubeConnection connection = Read(
            Config("{server: 'https://a', certificate-authority: pki/ca.crt}", "{client-certificate: ../tls.crt, client-key: /abs/tls.key, tokenFile: t}"),
            "sub/config");
        Assert.Equal(new PemSource.File(Path.Combine(_folder.Path, "sub", "pki/ca.crt")), connection.Tls.CertificateAuthority);
        Assert.Equal(new PemSource.File(Path.Combine(_folder.Path, "sub", "../tls.crt")), connection.Tls.ClientCertificate);
        Assert.Equal(new PemSource.File("/abs/tls.key"), connection.Tls.ClientKey);
        Assert.Equal(new KubeCredentials.TokenFile(Path.Combine(_folder.Path, "sub", "t")), connection.Credentials);
    }

    [Fact]
    public void Data_count_before_files()
    {
        string data = Convert.ToBase64String(Encoding.UTF8.GetBytes("PEM"));
        KubeConnection connection = Read(Config($"{{server: 'https://a', certificate-authority: x, certificate-authority-data: {data}}}", "{}"));
        Assert.Equal("PEM", Assert.IsType<PemSource.Text>(connection.Tls.CertificateAuthority).Pem);
    }

    [Fact]
    public void Of_several_files_the_first_that_has_an_entry_counts_and_missing_ones_are_passed_over()
    {
        string first = _folder.Write("first", """
            contexts:
            - {name: x, context: {cluster: c, user: u}}
            users:
            - {name: u, user: {token: from-first}}
            """);
        string second = _folder.Write("second", Config("{server: 'https://second'}", "{token: from-second}"));
        KubeConnection connection = Resolve($"{_folder.Path}/missing:{first}:{second}");
        Assert.Equal("https://second/", connection.Server.AbsoluteUri);
        Assert.Equal(new KubeCredentials.Token("from-first"), connection.Credentials);
    }

    [Fact]
    public void An_explicit_file_counts_before_the_cluster_and_the_cluster_before_the_home_directory()
    {
        string given = _folder.Write("given", Config("{server: 'https://given'}", "{}"));
        _folder.Write(".kube/config", Config("{server: 'https://home'}", "{}"));
        Assert.Equal("https://home/", Resolve(null).Server.AbsoluteUri);

        _folder.Write("sa/token", "t");
        _folder.Write("sa/ca.crt", "c");
        _folder.Write("sa/namespace", "kubernaut-system\n");
        _variables["KUBERNETES_SERVICE_HOST"] = "10.96.0.1";
        _variables["KUBERNETES_SERVICE_PORT"] = "443";
        KubeConnection pod = Resolve("");
        Assert.Equal(("https://10.96.0.1/", true, "kubernaut-system"), (pod.Server.AbsoluteUri, pod.IsInCluster, pod.DefaultNamespace));
        Assert.Equal(new KubeCredentials.TokenFile(Path.Combine(_folder.Path, "sa", "token")), pod.Credentials);
        Assert.Equal(new PemSource.File(Path.Combine(_folder.Path, "sa", "ca.crt")), pod.Tls.CertificateAuthority);

        Assert.Equal("https://given/", Resolve(given).Server.AbsoluteUri);
    }

    [Fact]
    public void An_IPv6_address_of_the_cluster_is_put_in_brackets()
    {
        _folder.Write("sa/token", "t");
        _variables["KUBERNETES_SERVICE_HOST"] = "fd00::1";
        _variables["KUBERNETES_SERVICE_PORT"] = "6443";
        Assert.Equal("https://[fd00::1]:6443/", Resolve(null).Server.AbsoluteUri);
    }

    [Fact]
    public void Another_context_than_the_current_one_may_be_chosen()
    {
        string file = _folder.Write("config", Config("{server: 'https://a'}", "{}") + """

            - name: v
              user: {token: of-v}
            """);
        _folder.Write("more", """
            contexts:
            - {name: y, context: {cluster: c, user: v, namespace: z}}
            """);
        KubeConnection connection = Resolve($"{file}:{_folder.Path}/more", "y");
        Assert.Equal((new KubeCredentials.Token("of-v"), "z"), (connection.Credentials, connection.DefaultNamespace));
    }

    [Fact]
    public void Where_nothing_is_configured_the_message_says_what_to_do() =>
        Assert.Equal(
            "KUBECONFIG: no Kubernetes API server is configured; set it to a kubeconfig file, or run inside a cluster",
            Assert.Throws<KubeConfigException>(() => Resolve(null)).Message);

    [Theory]
    [InlineData("{}", "config: has no current-context; choose one with: kubectl config use-context NAME")]
    [InlineData("current-context: x", "config: there is no context named \"x\"; add it under contexts, or name another one")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {user: u}}]}", "config:1:52: cluster is missing;")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}]}", "config:1:52: there is no cluster named \"c\"; add it under clusters")]
    [InlineData("{current-context: [1]}", "config:1:19: must be a text;")]
    [InlineData("{current-context: x, contexts: {}}", "config:1:32: must be a list;")]
    [InlineData("- a", "config:1:1: must be a map;")]
    [InlineData("a: b: c", "config:1:")]
    public void A_file_that_is_no_kubeconfig_is_told_with_line_and_column(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<KubeConfigException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "{}", "server is missing")]
    [InlineData("{server: 10.0.0.1}", "{}", "is no URL; it must look like https://host:6443")]
    [InlineData("{server: 'ftp://a'}", "{}", "is no URL")]
    [InlineData("{server: 'https://user:hush@a'}", "{}", "holds a user name or password; put them under users")]
    [InlineData("{server: 'https://a', certificate-authority-data: '%%'}", "{}", "is no base64")]
    [InlineData("{server: 'https://a', insecure-skip-tls-verify: maybe}", "{}", "must be true or false")]
    [InlineData("{server: 'https://a', insecure-skip-tls-verify: true, certificate-authority: x}", "{}", "has both insecure-skip-tls-verify and certificate-authority")]
    [InlineData("{server: 'https://a', proxy-url: 'ftp://p'}", "{}", "is no proxy URL")]
    [InlineData("{server: 'https://a'}", "{client-certificate: x}", "has only one of client-certificate and client-key")]
    [InlineData("{server: 'https://a'}", "{as: root}", "impersonation is not supported")]
    [InlineData("{server: 'https://a'}", "{auth-provider: {name: gcp}}", "use an exec plugin")]
    [InlineData("{server: 'https://a'}", "{exec: {command: p}}", "apiVersion must be client.authentication.k8s.io/v1")]
    [InlineData("{server: 'https://a'}", "{exec: {apiVersion: client.authentication.k8s.io/v1}}", "command is missing")]
    [InlineData("{server: 'https://a'}", "{exec: {apiVersion: client.authentication.k8s.io/v1, command: p, interactiveMode: Always}}", "needs a terminal")]
    public void What_cannot_be_used_is_told_with_its_place_and_a_way_out(string cluster, string user, string expected)
    {
        KubeConfigException error = Assert.Throws<KubeConfigException>(() => Read(Config(cluster, user)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Matches("config:[0-9]+:[0-9]+$", error.Place);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("/no/such/config: no such file;", Assert.Throws<KubeConfigException>(() => Resolve("/no/such/config")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(":", "KUBECONFIG: \":\" names no file; set it to the path of a kubeconfig file, or leave it out for ~/.kube/config")]
    [InlineData(" : ", "KUBECONFIG: \" : \" names no file; ")]
    [InlineData("  ", "KUBECONFIG: \"  \" names no file; ")]
    [InlineData("::/no/such/config", "/no/such/config: no such file; ")]
    [InlineData("/no/such/config:/nor/this", "/no/such/config, /nor/this: no such file; ")]
    [InlineData("FOLDER", "FOLDER: is a directory; set KUBECONFIG to the kubeconfig file in it")]
    [InlineData("FOLDER:/no/such/config", "FOLDER: is a directory; ")]
    [InlineData("/dev/null", "/dev/null: it is empty; set KUBECONFIG to a kubeconfig file with a cluster and a context")]
    public void What_names_no_kubeconfig_is_told_with_what_to_do(string setting, string expected)
    {
        string message = Assert.Throws<KubeConfigException>(() => Resolve(setting.Replace("FOLDER", _folder.Path, StringComparison.Ordinal))).Message;
        Assert.StartsWith(expected.Replace("FOLDER", _folder.Path, StringComparison.Ordinal), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_is_read_with_all_that_it_is_given()
    {
        string authority = _folder.Write("ca.crt", "CA");
        var credentials = Assert.IsType<KubeCredentials.Exec>(Read("""
            current-context: x
            contexts:
            - {name: x, context: {cluster: c, user: u}}
            clusters:
            - name: c
              cluster:
                server: https://a
                certificate-authority: ca.crt
                extensions:
                - {name: client.authentication.k8s.io/exec, extension: {audience: "1", depth: 2, deep: [true, null]}}
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1beta1
                  command: ./bin/plugin
                  args: [get-token, "--x=1"]
                  env:
                  - {name: A, value: b}
                  provideClusterInfo: true
                  installHint: get it
                  interactiveMode: IfAvailable
            """).Credentials);
        ExecPlugin plugin = credentials.Plugin;
        Assert.Equal(Path.Combine(_folder.Path, "./bin/plugin"), plugin.Command);
        Assert.Equal(["get-token", "--x=1"], plugin.Arguments.AsEnumerable());
        Assert.Equal([new("A", "b")], plugin.Environment.AsEnumerable());
        Assert.Equal(("client.authentication.k8s.io/v1beta1", "get it"), (plugin.ApiVersion, plugin.InstallHint));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$$"""
                {"server":"https://a","certificate-authority-data":"{{{Convert.ToBase64String(File.ReadAllBytes(authority))}}}","config":{"audience":"1","depth":2,"deep":[true,null]}}
                """),
            JsonNode.Parse(plugin.ClusterJson!)));
    }

    [Fact]
    public void Nothing_secret_is_shown_when_a_connection_is_printed()
    {
        string secret = Convert.ToBase64String(Encoding.UTF8.GetBytes("SECRET"));
        string printed = ReadUser($"{{token: SECRET, client-certificate-data: {secret}, client-key-data: {secret}}}").ToString();
        Assert.DoesNotContain("SECRET", printed, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, printed, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private KubeConnection ReadUser(string user) => Read(Config("{server: 'https://a'}", user));

    private KubeConnection Read(string text, string name = "config") => Resolve(_folder.Write(name, text));

    private KubeConnection Resolve(string? kubeconfig, string? context = null) => KubeConnectionResolver.Resolve(
        new KubeEnvironment(_variables.GetValueOrDefault, _folder.Path, Path.Combine(_folder.Path, "sa")), kubeconfig, context);

    private static string Config(string cluster, string user) => $$"""
        current-context: x
        contexts:
        - name: x
          context: {cluster: c, user: u}
        clusters:
        - name: c
          cluster: {{cluster}}
        users:
        - name: u
          user: {{user}}
        """;
}
