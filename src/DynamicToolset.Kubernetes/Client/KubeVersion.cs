namespace DynamicToolset.Kubernetes.Client;

/// <summary>What <c>/version</c> tells, for example 1, 34 and <c>v1.34.9</c>.</summary>
public sealed record KubeVersion(string Major, string Minor, string GitVersion);
