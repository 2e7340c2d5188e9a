using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Service.Events;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Events;

public sealed class EventRecorderTests
{
    private static readonly EventSubject Grafana = new("Service", new ObjectKey("monitoring", "grafana"), "u-1");

    private static readonly EventSubject Ending = new("Service", new ObjectKey("ending", "grafana"), "u-2");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_lies_beside_its_object_and_names_it()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Recorder.TryRecord(Grafana, "MalformedAnnotation", "it says maybe");
        Request created = await api.RequestAsync(1);
        Assert.Equal(("POST", "/api/v1/namespaces/monitoring/events"), (created.Method, created.Path));
        Assert.Matches("^grafana\\.[0-9a-f]{16}$", created.Text("metadata", "name"));
        Assert.Equal(
            ("Service", "monitoring", "grafana", "u-1"),
            (created.Text("involvedObject", "kind"), created.Text("involvedObject", "namespace"), created.Text("involvedObject", "name"), created.Text("involvedObject", "uid")));
        Assert.Equal(
            ("Warning", "MalformedAnnotation", "it says maybe", "2000-01-01T00:00:00Z"),
            (created.Text("type"), created.Text("reason"), created.Text("message"), created.Text("lastTimestamp")));
    }

    [Fact]
    public async Task The_same_event_again_counts_up_the_first_one()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Recorder.TryRecord(Grafana, "R", "m");
        Request created = await api.RequestAsync(1);
        api.Time.Advance(TimeSpan.FromSeconds(90));
        api.Recorder.TryRecord(Grafana, "R", "m");
        Request repeated = await api.RequestAsync(2);
        Assert.Equal(("PATCH", created.Path + "/" + created.Text("metadata", "name")), (repeated.Method, repeated.Path));
        Assert.Equal("""{"lastTimestamp":"2000-01-01T00:01:30Z","count":2}""", repeated.Body.ToJsonString());
        api.Recorder.TryRecord(Grafana, "R", "another");
        Assert.Equal("POST", (await api.RequestAsync(3)).Method);
    }

    [Fact]
    public async Task An_event_that_has_expired_is_made_anew()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Recorder.TryRecord(Grafana, "R", "m");
        await api.RequestAsync(1);
        api.Answer = request => request.Method == "PATCH" ? HttpStatusCode.NotFound : HttpStatusCode.Created;
        api.Recorder.TryRecord(Grafana, "R", "m");
        Assert.Equal("PATCH", (await api.RequestAsync(2)).Method);
        Assert.Equal("POST", (await api.RequestAsync(3)).Method);
    }

    [Fact]
    public async Task One_object_cannot_have_more_than_25_at_once_and_then_one_in_five_minutes()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        await RecordAsync(40);
        Assert.Equal(25 + 1, api.Count);
        api.Time.Advance(TimeSpan.FromMinutes(10));
        await RecordAsync(40);
        Assert.Equal(25 + 1 + 2 + 1, api.Count);

        // The last one is about another object, so that all before it have been handled when it is there.
        async Task RecordAsync(int count)
        {
            for (int i = 0; i < count; i++)
                api.Recorder.TryRecord(Grafana, "R", $"{i}");
            string marker = $"{Guid.NewGuid()}";
            api.Recorder.TryRecord(Grafana with { Uid = marker }, "R", "m");
            await TestCluster.EventuallyAsync(() => api.Requests.Any(r => r.Text("involvedObject", "uid") == marker), "the last one was sent");
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "cannot create events in namespace monitoring: the credentials were refused")]
    [InlineData(HttpStatusCode.NotImplemented, "cannot create events in namespace monitoring: status 501")]
    [InlineData(HttpStatusCode.TooManyRequests, "cannot create events in namespace monitoring: status 429")]
    public async Task What_may_be_taken_later_is_told_once_and_sent_then(HttpStatusCode status, string told)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Answer = _ => status;
        for (int i = 0; i < 3; i++)
            Assert.True(api.Recorder.TryRecord(Grafana, "R", $"{i}"));
        await api.PassAsync(() => api.Count >= 3);
        Assert.All(api.Requests, r => Assert.Equal("0", r.Text("message")));
        api.Answer = _ => HttpStatusCode.Created;
        await api.PassAsync(() => api.Requests.Any(r => r.Text("message") == "2"));
        Assert.Contains(told, Assert.Single(api.Log));
    }

    [Fact]
    public async Task A_right_that_is_missing_is_named_once_whatever_failed_before_it_and_meanwhile()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        HttpStatusCode[] script = [HttpStatusCode.ServiceUnavailable, HttpStatusCode.Forbidden, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Forbidden, HttpStatusCode.Created];
        api.Answer = _ => script[Math.Min(api.Count, script.Length) - 1];
        api.Recorder.TryRecord(Grafana, "R", "m");
        await api.PassAsync(() => api.Count == script.Length);
        Assert.Collection(
            api.Log,
            line => Assert.Contains("status 503", line, StringComparison.Ordinal),
            line => Assert.Contains("the right to create events in namespace monitoring is missing; deploy/base/rbac.yaml grants it", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_right_that_is_missing_is_known_for_five_minutes_without_the_namespace_of_a_tenant()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Answer = request => request.Method == "PATCH" ? HttpStatusCode.Forbidden : HttpStatusCode.Created;
        for (int i = 1; i <= 2; i++)
        {
            Assert.Null(api.Recorder.MissingRight);
            api.Recorder.TryRecord(Grafana, "R", "m");
            await api.RequestAsync(i);
        }

        await TestCluster.EventuallyAsync(() => api.Recorder.MissingRight is not null, "it is known");
        Assert.Equal("patch events in a namespace that the log names; deploy/base/rbac.yaml grants it", api.Recorder.MissingRight);
        // Given up by then, so that nothing is refused anew.
        await api.PassAsync(() => api.Requests.Count(r => r.Method == "PATCH") == 3);
        await api.PassAsync(() => api.Recorder.MissingRight is null);
    }

    [Fact]
    public async Task A_namespace_that_takes_no_Events_keeps_back_nobody_else_s_and_is_told_of_once()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Answer = request => request.Path.Contains("/ending/", StringComparison.Ordinal) && TriesOf(api, "ending") <= 2 ? HttpStatusCode.Forbidden : HttpStatusCode.Created;
        api.Recorder.TryRecord(Ending, "R", "ending");
        for (int i = 0; i < 5; i++)
            api.Recorder.TryRecord(Grafana, "R", $"{i}");
        await api.PassAsync(() => TriesOf(api, "4") == 1 && TriesOf(api, "ending") == 3);
        Assert.Single(api.Log);
        Assert.Equal(["ending", "0"], api.Requests.Take(2).Select(r => r.Text("message")));
    }

    [Fact]
    public async Task What_is_forbidden_three_times_is_given_up_so_that_it_fills_no_queue()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Answer = request => request.Path.Contains("/ending/", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : HttpStatusCode.Created;
        api.Recorder.TryRecord(Ending, "R", "ending");
        await api.PassAsync(() => TriesOf(api, "ending") == 3);
        for (int i = 0; i < 2; i++)
        {
            api.Recorder.TryRecord(Grafana, "R", $"{i}");
            await api.PassAsync(() => TriesOf(api, $"{i}") == 1);
        }

        Assert.Equal(3, TriesOf(api, "ending"));
    }

    [Fact]
    public async Task What_is_no_warning_takes_nothing_away_from_warnings()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        int told = Enumerable.Range(0, 40).Count(i => api.Recorder.TryRecord(Grafana, "Normal", $"{i}", isNormal: true));
        Assert.Equal(25, told);
        Assert.True(api.Recorder.TryRecord(Grafana, "Bad", "m"));
        await api.RequestAsync(26);
        Assert.Equal((25, 1), (api.Requests.Count(r => r.Text("type") == "Normal"), api.Requests.Count(r => r.Text("type") == "Warning")));
        Assert.All(api.Requests, r => Assert.Equal(("dynamic-toolset", "dynamic-toolset"), (r.Text("reportingComponent"), r.Text("source", "component"))));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u202eb\u2066c\u200bd\u2028e\ufefff\u0085g\u001b[31mh\u061ci\U000E0041j", "a b c d e f g [31mh i j")]
    public async Task A_message_is_one_line_that_no_terminal_obeys(string message, string sent)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Recorder.TryRecord(Grafana, "R", message);
        Assert.Equal(sent, (await api.RequestAsync(1)).Text("message"));
    }

    [Theory]
    [InlineData("x", 1024)]
    [InlineData("é", 1023)]
    [InlineData("語", 1023)]
    [InlineData("\U0001F600", 1023)]
    public async Task A_long_message_is_cut_to_one_KiB_and_between_two_characters(string letter, int bytes)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Recorder.TryRecord(Grafana, "R", string.Concat(Enumerable.Repeat(letter, 2000)));
        string message = (await api.RequestAsync(1)).Text("message")!;
        Assert.InRange(Encoding.UTF8.GetByteCount(message), bytes - 3, 1024);
        Assert.Equal("…", message.Replace(letter, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_is_left_to_another_replica_that_leads_by_then()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Answer = _ => HttpStatusCode.ServiceUnavailable;
        Assert.True(api.Recorder.TryRecord(Grafana, "R", "mine"));
        Assert.True(api.Recorder.TryRecord(Grafana, "R", "mine too"));
        await api.PassAsync(() => api.Count >= 1);
        api.MaySend = false;
        await api.PassAsync(() => api.Refusals >= 2);
        api.Answer = _ => HttpStatusCode.Created;
        api.MaySend = true;
        api.Recorder.TryRecord(Grafana, "R", "mine again");
        await api.PassAsync(() => api.Requests.Any(r => r.Text("message") == "mine again"));
        Assert.DoesNotContain(api.Requests, r => r.Text("message") == "mine too");
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.UnprocessableEntity)]
    public async Task What_never_will_be_taken_holds_up_nothing(HttpStatusCode status)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Answer = request => request.Text("message") == "1" ? status : HttpStatusCode.Created;
        for (int i = 0; i < 3; i++)
            api.Recorder.TryRecord(Grafana, "R", $"{i}");
        await api.RequestAsync(3);
        Assert.Equal(["0", "1", "2"], api.Requests.Select(r => r.Text("message")));
    }

    [Fact]
    public async Task Nobody_waits_for_an_API_server_that_hangs_and_what_is_too_much_is_refused()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        using var hang = new ManualResetEventSlim();
        api.Answer = _ =>
        {
            hang.Wait(Stop);
            return HttpStatusCode.Created;
        };
        int taken = 0;
        for (int i = 0; i < 10_000; i++)
            taken += api.Recorder.TryRecord(Grafana with { Uid = $"{i}" }, "R", "m") ? 1 : 0;
        Assert.InRange(taken, 256, 257);
        hang.Set();
        await api.RequestAsync(1);
    }

    private static int TriesOf(ScriptedApi api, string message) => api.Requests.Count(r => r.Text("message") == message);

    private sealed record Request(string Method, string Path, JsonNode Body)
    {
        public string? Text(params string[] path) => path.Aggregate((JsonNode?)Body, (node, name) => node?[name])?.GetValue<string>();
    }

    /// <summary>Takes Events or refuses them, and remembers what came.</summary>
    private sealed class ScriptedApi(WebApplication app, ConcurrentQueue<Request> requests) : ILogger<EventRecorder>, IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private KubeApiClient? _api;
        private Task _running = Task.CompletedTask;

        public FakeTimeProvider Time { get; } = new();

        public EventRecorder Recorder { get; private set; } = null!;

        public Func<Request, HttpStatusCode> Answer { get; set; } = _ => HttpStatusCode.Created;

        public ConcurrentQueue<string> Log { get; } = new();

        public IEnumerable<Request> Requests => requests;

        public int Count => requests.Count;

        public static async Task<ScriptedApi> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            WebApplication app = builder.Build();
            var api = new ScriptedApi(app, new ConcurrentQueue<Request>());
            app.Run(api.HandleAsync);
            await app.StartAsync(Stop);
            string kubeconfig = Path.GetTempFileName();
            await File.WriteAllTextAsync(
                kubeconfig,
                $"{{current-context: c, contexts: [{{name: c, context: {{cluster: c, user: u}}}}], clusters: [{{name: c, cluster: {{server: \"{app.Urls.Single()}\"}}}}], users: [{{name: u, user: {{}}}}]}}",
                Stop);
            api._api = new KubeApiClient(KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, Home: ""), kubeconfig), TimeProvider.System);
            File.Delete(kubeconfig);
            api.Recorder = new EventRecorder(api._api, api.Time, new Random(1), api, api.IsAllowed);
            api._running = api.Recorder.RunAsync(api._stop.Token);
            return api;
        }

        public volatile bool MaySend = true;

        private int _refusals;

        /// <summary>How often the recorder was not allowed to send.</summary>
        public int Refusals => Volatile.Read(ref _refusals);

        private bool IsAllowed()
        {
            if (!MaySend)
                Interlocked.Increment(ref _refusals);
            return MaySend;
        }

        /// <summary>Lets time pass until something has come about.</summary>
        public Task PassAsync(Func<bool> isThere) => TestCluster.EventuallyAsync(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(5));
                return isThere();
            },
            "what was to come");

        public async Task<Request> RequestAsync(int number)
        {
            await TestCluster.EventuallyAsync(() => requests.Count >= number, $"request {number} came");
            return requests.ElementAt(number - 1);
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Log.Enqueue(string.Join(' ', (state as IEnumerable<KeyValuePair<string, object?>> ?? []).Select(v => v.Value)));

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _api?.Dispose();
            await app.DisposeAsync();
            _stop.Dispose();
        }

        private async Task HandleAsync(HttpContext context)
        {
            JsonNode body = (await JsonNode.ParseAsync(context.Request.Body))!;
            var request = new Request(context.Request.Method, context.Request.Path.Value!, body);
            requests.Enqueue(request);
            context.Response.StatusCode = (int)Answer(request);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{}");
        }
    }
}
