using System.Text;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>Makes a connection of one context of a kubeconfig, https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/.</summary>
internal static class KubeConfigReader
{
    public static KubeConnection Read(KubeConfigFiles files, string? context, KubeEnvironment environment)
    {
        string name = context ?? files.CurrentContext
            ?? throw new KubeConfigException(files.Origin, "has no current-context", "choose one with: kubectl config use-context NAME");
        ConfigNode chosen = files.Find("context", name, files.Origin);
        ConfigNode cluster = files.Find("cluster", Required(chosen, "cluster"), chosen.Place);
        ConfigNode user = chosen["user"].Text is { } userName ? files.Find("user", userName, chosen.Place) : new ConfigNode(files.Origin, null);
        Uri server = ReadServer(cluster);
        return new KubeConnection
        {
            Server = server,
            Tls = ReadTls(cluster, user),
            Credentials = ReadCredentials(user, cluster),
            Proxy = ReadProxy(cluster, server, environment),
            DefaultNamespace = chosen["namespace"].Text ?? "default",
            Origin = $"{files.Origin}, context {name}",
        };
    }

    private static string Required(ConfigNode node, string key) => node[key].Text ?? throw node.Wrong($"{key} is missing");

    private static Uri ReadServer(ConfigNode cluster)
    {
        string url = Required(cluster, "server");
        bool usable = Uri.TryCreate(url, UriKind.Absolute, out Uri? server) && server.Scheme is "http" or "https" && server.Host.Length > 0;
        if (!usable)
            throw cluster["server"].Wrong("is no URL", "it must look like https://host:6443");
        // The URL stands in messages and logs.
        return server!.UserInfo.Length == 0 ? server : throw cluster["server"].Wrong("holds a user name or password", "put them under users");
    }

    private static Uri? ReadProxy(ConfigNode cluster, Uri server, KubeEnvironment environment) =>
        cluster["proxy-url"].Text is { } proxy
            ? ProxyEnvironment.Parse(proxy, cluster["proxy-url"].Place)
            : ProxyEnvironment.For(server, environment.Variable);

    private static KubeTls ReadTls(ConfigNode cluster, ConfigNode user)
    {
        var tls = new KubeTls
        {
            CertificateAuthority = ReadPem(cluster, "certificate-authority"),
            SkipVerification = cluster["insecure-skip-tls-verify"].Flag,
            ServerName = cluster["tls-server-name"].Text,
            ClientCertificate = ReadPem(user, "client-certificate"),
            ClientKey = ReadPem(user, "client-key"),
        };
        if (tls.SkipVerification && tls.CertificateAuthority is not null)
            throw cluster.Wrong("has both insecure-skip-tls-verify and certificate-authority", "remove one of them");
        if (tls.ClientCertificate is null != tls.ClientKey is null)
            throw user.Wrong("has only one of client-certificate and client-key", "give both");
        return tls;
    }

    // Where a key stands both with data and with a file, the data count.
    private static PemSource? ReadPem(ConfigNode node, string key)
    {
        ConfigNode data = node[key + "-data"];
        if (data.Text is { } base64)
            return new PemSource.Text(Decode(base64, data), data.Place);
        return node[key].Text is { } path ? new PemSource.File(InDirectoryOf(node.File, path)) : null;
    }

    private static string Decode(string base64, ConfigNode data)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            throw data.Wrong("is no base64", "it must be a PEM file, encoded with: base64 -w0");
        }
    }

    private static string InDirectoryOf(string file, string path) => Path.Combine(Path.GetDirectoryName(file)!, path);

    private static KubeCredentials ReadCredentials(ConfigNode user, ConfigNode cluster)
    {
        // Going on without it would act with the rights of somebody else than the file says.
        if (user["as"].Text is not null)
            throw user["as"].Wrong("impersonation is not supported", "use a user that has the permissions itself");
        if (!user["exec"].IsMissing)
            return new KubeCredentials.Exec(ExecPluginReader.Read(user["exec"], cluster));
        if (user["tokenFile"].Text is { } path)
            return new KubeCredentials.TokenFile(InDirectoryOf(user.File, path));
        if (user["token"].Text is { } token)
            return new KubeCredentials.Token(token);
        if (user["username"].Text is { } name)
            return new KubeCredentials.Basic(name, user["password"].Text ?? "");
        if (!user["auth-provider"].IsMissing)
            throw user["auth-provider"].Wrong("auth-provider was removed from Kubernetes clients in 1.26", "use an exec plugin");
        return new KubeCredentials.None();
    }
}
