using System.Net;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.LeaderElection;

/// <summary>Three replicas through whatever may happen to them: never do two lead, and when all is well again one does.</summary>
public sealed class ElectionProperties
{
    private static readonly string?[] Verbs = [null, "get", "create", "patch", "list", "watch"];

    [Fact]
    public void Never_do_two_replicas_lead_and_in_the_end_one_does()
    {
        Chance.Try(30, random =>
        {
            using var electorate = new Electorate();
            if (random.Next(2) == 0)
                electorate.CreateLease();
            List<Candidate> candidates = [.. Enumerable.Range(0, 3).Select(i => electorate.Join($"replica-{i}"))];
            int joined = candidates.Count;
            for (int i = 0; i < 60; i++)
            {
                Candidate one = candidates[random.Next(candidates.Count)];
                Happen(one, random, out bool stops);
                if (stops)
                {
                    candidates.Remove(one);
                    candidates.Add(electorate.Join($"replica-{joined++}"));
                }

                electorate.Pass(random.NextDouble() * 6);
            }

            foreach (Candidate one in candidates)
            {
                one.Faults.Clear();
                one.Api.IsCutOff = one.Thread.StandsStill = false;
            }

            electorate.PassUntil(() => electorate.Leaders.Count() == 1, atMost: 45);
            IReplica leader = electorate.Leaders.Single();
            electorate.Pass(60);
            Assert.True(leader.Leads);
        });
    }

    private static void Happen(Candidate one, Random random, out bool stops)
    {
        stops = false;
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
            case 3 when !one.Thread.StandsStill:
                one.Stop();
                stops = true;
                break;
            default:
                one.Faults.Add(new FaultRule(AnyFault(random), Verbs[random.Next(Verbs.Length)], "leases", Times: random.Next(1, 8)));
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
}
