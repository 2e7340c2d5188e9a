using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

internal sealed class ExecCredentialSource(ExecPlugin plugin, TimeProvider time) : CredentialSource
{
    public override ValueTask<Credential> GetAsync(CancellationToken cancellation) => throw new NotImplementedException($"{plugin}{time}");

    public override void Refuse(Credential refused)
    {
    }
}
