using System.Runtime.CompilerServices;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Kubernetes.Tests.Informers;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Fuzz;

[Collection(FuzzCollection.Name)]
public sealed class WatchFuzzTests
{
    /// <summary>In bytes for one of the stream: an empty port, with its comma three bytes, is held as 64.</summary>
    private const double MostHeld = 22;

    private static readonly string[] Pieces =
    [
        "\"type\":\"ADDED\",", "\"type\":\"MODIFIED\",", "\"type\":\"DELETED\",", "\"type\":\"BOOKMARK\",", "\"type\":\"ERROR\",", "ADDED",
        "DELETED", "ERROR", "\"object\":{}", "\"object\":null", "\"object\":[1]", "\"metadata\":{", "\"name\":\"b\",", "\"name\":\"\",",
        "\"namespace\":\"other\",",
        "\"resourceVersion\":\"6\",", "\"resourceVersion\":\"\",", "\"retryAfterSeconds\":", "\"code\":", "\"code\":410,", "\"code\":403,",
        "\"code\":-1,", "\"causes\":[null,{\"reason\":\"ResourceVersionTooLarge\"}],", "2147483647", "-2147483648", "3600",
        "\"labels\":{\"a\":\"\\ud800\"},", "{\"type\":\"ADDED\"}\n", "\n", "\\u0000",
    ];

    private static readonly string[] Texts = CutBytes.Spaced(
    [
        Json.Event("ADDED", Json.Service("c", "11")) + Json.Event("MODIFIED", Json.Service("a", "12")) + Json.Event("DELETED", Json.Service("b", "13")) + Json.Bookmark("20") + Json.Event("ADDED", Json.Service("d", "21", "other")),
        Json.Bookmark("15") + Json.Event("ERROR", Json.Status(410, "Expired")),
        Json.Event("MODIFIED", Json.Service("b", "17")) + Json.Event("ERROR", Json.Status(429, "TooManyRequests", details: "{\"retryAfterSeconds\":7,\"causes\":[{\"reason\":\"a\"}]}")),
        Json.Event("ERROR", Json.Status(503, "ServiceUnavailable", details: "{\"retryAfterSeconds\":2147483647}")),
        Json.Event("ERROR", Json.Status(500, "InternalError", "some \\u0000 words", "{\"retryAfterSeconds\":1}")),
        Json.Event("ADDED", """{"metadata":{"name":"e","namespace":"n","uid":"u","resourceVersion":"30","labels":{"app":"grafana"}},"spec":{"ports":[{"name":"service","port":3000}],"selector":{"app":"grafana"}}}"""),
    ]);

    private static readonly RepeatedText[] LongOnes =
    [
        new("", Json.Event("ADDED", Json.Service("a@")), ""), new("", Json.Event("ADDED", Json.Service("a@", ns: "n@")), ""),
        new("", Json.Event("ADDED", Json.Service("a", "@")), ""),
        new("", Json.Event("ADDED", Json.Service("a@")) + Json.Event("DELETED", Json.Service("a@")), ""),
        new("", Json.Event("ADDED", Large("a@", "n", 600)), ""), new("", Json.Event("ADDED", Large("a@", "n@", 256)), ""),
        new("", Json.Event("ADDED", Large("a", "n", 256)), ""), new("", Json.Event("ADDED", Large("a@", "n@", 257)), ""),
        new("", Json.Bookmark("@"), ""), new("", "\n", ""), new("", "{}", ""),
        new("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"2\",\"labels\":{", "\"@\":\"\",", "\"z\":\"\"}}}}"),
        new("{\"type\":\"", "a", "\"}"), new("{", "\"a\":0,", "\"type\":\"ADDED\"}"), new("{\"type\":\"ADDED\",\"object\":", "[", ""),
        new("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":500,\"message\":\"", "a", "\"}}"),
        new("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":500,\"details\":{\"causes\":[", "{},", "null]}}}"),
    ];

    /// <summary>Whatever bytes come after a list, the copy has none of it any more once there is a list again, and that is soon.</summary>
    [Fact]
    public Task Whatever_a_watch_brings_the_next_list_is_the_copy_and_little_of_it_is_held() => new FuzzSeries(MostHeld).TryAsync(
        3_000, 60..2_940, random => CutBytes.Make(random, new TextMutation(random, Texts, Pieces), LongOnes), CutBytes.SizeOf, Use);

    private static FuzzOutcome Use(CutBytes body)
    {
        using var server = new OneWatch(body);
        return server.Run();
    }

    private static string Large(string name, string ns, int ports) =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","resourceVersion":"1@"},"spec":{"ports":[{{{string.Join(',', Enumerable.Repeat("{}", ports))}}}]}}""";

    /// <summary>An API server that lists, watches with these bytes, knows no version after that, and lists again.</summary>
    private sealed class OneWatch : IDisposable
    {
        private const string FirstList = "10";

        /// <summary>No spoiled event has this version.</summary>
        private const string LastList = "at last";

        /// <summary>More than anything waits.</summary>
        private static readonly TimeSpan Step = TimeSpan.FromHours(1);

        private static readonly KubeCall Call = new("watch", "services") { Method = HttpMethod.Get, PathAndQuery = "" };

        private readonly OneThread _thread = new();
        private readonly FakeTimeProvider _time = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly StringCache _strings = new();
        private readonly ServiceProjection _projection;
        private readonly CutBytes _body;
        private readonly Informer<ServiceRecord> _informer;
        private readonly List<InformerReport> _reports = [];
        private object? _afterWatch;
        private int _lists;
        private int _watches;
        private bool _isInOrder;

        public OneWatch(CutBytes body)
        {
            _body = body;
            _projection = new ServiceProjection(_strings);
            var source = new InformerSource<ServiceRecord>(ListAsync, WatchAsync, s => s.Key, s => s.ResourceVersion);
            _informer = new Informer<ServiceRecord>(NamespaceShares.Keep(source), () => { }, _reports.Add, _time, new Random(1));
        }

        public FuzzOutcome Run()
        {
            Task running = _informer.RunAsync(_stop.Token);
            _thread.Settle();
            // Two waits at most: after what broke the watch, and after the version that is not known.
            for (int i = 0; i < 3; i++)
            {
                _time.Advance(Step);
                _thread.Settle();
            }

            Assert.True(!running.IsCompleted, running.Exception?.ToString());
            Assert.Equal(["default/b 6", "default/z 40"], _informer.Items.Values.OrderBy(s => s.Key).Select(s => $"{s.Key} {s.ResourceVersion}"));
            Assert.All(_reports, r => Assert.DoesNotContain($"{ErrorIn(r)?.Message}{ErrorIn(r)?.Answer}", char.IsControl));
            _stop.Cancel();
            _thread.Settle();
            Assert.True(running.IsCompletedSuccessfully);
            return new FuzzOutcome(_isInOrder, _afterWatch);
        }

        public void Dispose()
        {
            _thread.Dispose();
            _stop.Dispose();
        }

        private static KubeApiException? ErrorIn(InformerReport report) => report switch
        {
            InformerReport.WatchBroken broken => broken.Error,
            InformerReport.VersionExpired expired => expired.Error,
            _ => null,
        };

        private Task<KubeList<ServiceRecord>> ListAsync(CancellationToken stop) => Task.FromResult(++_lists == 1
            ? new KubeList<ServiceRecord>([Read(Json.Service("a")), Read(Json.Service("b", "6"))], FirstList)
            : new KubeList<ServiceRecord>([Read(Json.Service("b", "6")), Read(Json.Service("z", "40"))], LastList));

        private async IAsyncEnumerable<WatchEvent<ServiceRecord>> WatchAsync(string version, TimeSpan timeout, [EnumeratorCancellation] CancellationToken stop)
        {
            if (version == LastList)
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
            if (++_watches > 1)
                throw Refusals.Of(410, "Expired");
            await using var stream = new WatchStream<ServiceRecord>(Call, "the API server", _projection, _strings, new HttpResponseMessage(), _body.Open(), timeout, _time);
            yield return new WatchEvent<ServiceRecord>(WatchEventKind.Opened, null, version);
            try
            {
                while (await stream.NextAsync(stop) is { } next)
                    yield return next;
                _isInOrder = true;
            }
            finally
            {
                _afterWatch = (_informer.Items, _strings);
            }
        }

        private ServiceRecord Read(string json) => _projection.Read(new(Encoding.UTF8.GetBytes(json)));
    }
}
