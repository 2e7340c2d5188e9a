using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>
/// Two whole services through whatever may happen to them, while the ConfigMap is spoilt and Services come and go: who writes leads, and when all is
/// well again one does, the ConfigMap is right and nobody writes any more.
/// </summary>
public sealed class ReplicaProperties
{
    private const string Key = "kubernetes-toolset.yaml";

    private static readonly string?[] Resources = [null, "leases", "configmaps"];

    [Fact]
    public void Who_writes_leads_and_in_the_end_the_ConfigMap_is_right()
    {
        Chance.Try(8, random =>
        {
            using var electorate = new Electorate();
            electorate.Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" } });
            List<Replica> replicas = [electorate.Run("one"), electorate.Run("two")];
            electorate.PassUntil(() => Text(electorate) is not null);
            string right = Text(electorate)!;
            for (int i = 0; i < 40; i++)
            {
                Happen(electorate, replicas[random.Next(2)], random, i);
                electorate.Pass(random.NextDouble() * 5);
            }

            foreach (Replica replica in replicas)
            {
                replica.Faults.Clear();
                replica.Api.IsCutOff = replica.Thread.StandsStill = false;
            }

            electorate.PassUntil(() => electorate.Leaders.Count() == 1 && Text(electorate) == right, atMost: 120);
            electorate.Pass(120);
            int writes = Writes(replicas);
            electorate.Pass(300);
            Assert.Equal((right, writes), (Text(electorate), Writes(replicas)));
            Assert.All(replicas, r => Assert.All(r.Api.WritesTo("configmaps"), c => Assert.True(c.WasByLeader, $"{c}")));
        });
    }

    private static void Happen(Electorate electorate, Replica one, Random random, int i)
    {
        switch (random.Next(8))
        {
            case 0:
                one.Api.IsCutOff = !one.Api.IsCutOff;
                break;
            case 1:
                one.Thread.StandsStill = !one.Thread.StandsStill;
                break;
            case 2:
                one.Clock.WallIsAhead += TimeSpan.FromMinutes(random.Next(-120, 120));
                break;
            case 3 or 4:
                electorate.Do(() => electorate.Store.MergePatch(
                    KubeResource.ConfigMaps, TestCluster.ConfigMapKey, new JsonObject { ["data"] = new JsonObject { [Key] = $"spoilt {i}" } }));
                break;
            case 5:
                electorate.Do(() => electorate.Store.Create(KubeResource.Services, JsonNode.Parse(
                    $$$"""{"metadata":{"name":"g{{{i}}}","namespace":"a","labels":{"app":"grafana"}},"spec":{"ports":[{"name":"service","port":3000}]}}""")!.AsObject()));
                break;
            default:
                one.Faults.Add(new FaultRule(AnyFault(random), Resource: Resources[random.Next(Resources.Length)], Times: random.Next(1, 8)));
                break;
        }
    }

    private static Fault AnyFault(Random random) => random.Next(6) switch
    {
        0 => new Fault.Refuse(),
        1 => new Fault.Hang(),
        2 => new Fault.Delay(TimeSpan.FromSeconds(random.NextDouble() * 8)),
        3 => new Fault.LoseReply(),
        4 => new Fault.Answer(HttpStatusCode.Conflict),
        _ => new Fault.Answer(HttpStatusCode.InternalServerError),
    };

    private static string? Text(Electorate electorate) => (string?)electorate.Store.Get(KubeResource.ConfigMaps, TestCluster.ConfigMapKey)?["data"]?[Key];

    private static int Writes(IEnumerable<Replica> replicas) => replicas.Sum(r => r.Api.WritesTo("configmaps").Count());
}
