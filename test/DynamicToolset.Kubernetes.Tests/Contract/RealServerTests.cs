using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>The tests that share the one real API server, and take turns: one of them restarts it.</summary>
[CollectionDefinition(Name)]
public sealed class RealServerTests : ICollectionFixture<RealServerFixture>
{
    public const string Name = "real API server";
}
