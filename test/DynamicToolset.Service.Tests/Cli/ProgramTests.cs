using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DynamicToolset.Service.Tests.Input;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class ProgramTests
{
    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "help")]
    [InlineData(0, "run --help")]
    [InlineData(0, "sandbox -h")]
    [InlineData(0, "version")]
    [InlineData(0, "--version")]
    [InlineData(0, "--print-config")]
    [InlineData(0, "generate --print-config -o json")]
    [InlineData(2, "frobnicate", "dynamic-toolset: unknown command frobnicate; see dynamic-toolset --help")]
    [InlineData(2, "sandbx", "dynamic-toolset: unknown command sandbx (did you mean sandbox?); see dynamic-toolset --help")]
    [InlineData(2, "--prot 1", "dynamic-toolset run: unknown flag --prot (did you mean --port?); see dynamic-toolset run --help")]
    [InlineData(2, "sandbox --onec=1", "dynamic-toolset sandbox: unknown flag --onec (did you mean --once?); see dynamic-toolset sandbox --help")]
    [InlineData(2, "run --holmes-api-key=hunter2", "dynamic-toolset run: unknown flag --holmes-api-key; see dynamic-toolset run --help")]
    [InlineData(2, "run --port", "dynamic-toolset run: --port needs a value; see dynamic-toolset run --help")]
    [InlineData(2, "run --port 1 --port 2", "dynamic-toolset run: --port was given more than once; see dynamic-toolset run --help")]
    [InlineData(2, "generate -f", "dynamic-toolset generate: --filename needs a value; see dynamic-toolset generate --help")]
    [InlineData(2, "generate -f examples/services.yaml -f", "dynamic-toolset generate: --filename needs a value; see dynamic-toolset generate --help")]
    [InlineData(2, "diff --overrides a.yaml --overrides", "dynamic-toolset diff: --overrides needs a value; see dynamic-toolset diff --help")]
    [InlineData(2, "status --url", "dynamic-toolset status: --url needs a value; see dynamic-toolset status --help")]
    [InlineData(2, "diff -n a -n b", "dynamic-toolset diff: --namespace was given more than once; see dynamic-toolset diff --help")]
    [InlineData(2, "completion", "dynamic-toolset completion: the name of a shell is missing: bash, zsh or fish; see dynamic-toolset completion --help")]
    [InlineData(2, "completion tcsh", "dynamic-toolset completion: there is a script for bash, zsh and fish, not for tcsh; see dynamic-toolset completion --help")]
    [InlineData(2, "run here", "dynamic-toolset run: unexpected argument here; see dynamic-toolset run --help")]
    [InlineData(2, "generate -o xml", "dynamic-toolset generate: --output takes yaml or json, not xml; see dynamic-toolset generate --help")]
    [InlineData(2, "version -o yaml", "dynamic-toolset version: --output takes table or json, not yaml; see dynamic-toolset version --help")]
    [InlineData(2, "validate --holmes-target current -", "dynamic-toolset validate: --holmes-target has an effect only with --holmes; see dynamic-toolset validate --help")]
    [InlineData(2, "run --port 99999", "PORT: \"99999\" (--port) is not allowed; allowed: a whole number from 0 to 65535")]
    public async Task Mistakes_end_with_2_and_one_line_that_says_what_to_do(int exitCode, string arguments, string error = "")
    {
        (int Actual, string _, string Error) run = await BuiltProgram.RunAsync([], arguments.Split(' '));
        Assert.Equal(error, run.Error.TrimEnd('\n'));
        Assert.Equal(exitCode, run.Actual);
    }

    [Theory]
    [InlineData("generate", "-f", "")]
    [InlineData("generate", "-f", "/no/such/file")]
    [InlineData("generate", "-f", "/proc/1/mem")]
    [InlineData("generate", "-f", "-")]
    [InlineData("sandbox", "--once", "-f", "")]
    [InlineData("sandbox", "--once", "--health-check-ca-file", "/no/such/file")]
    public async Task An_input_that_cannot_be_used_ends_with_2_and_one_line(params string[] arguments)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], arguments);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.DoesNotContain("internal error", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{kind: List, items: []}", "generate -f - >/dev/full")]
    [InlineData("{kind: List, items: []}", "generate -f - >&-")]
    [InlineData("{}", "validate - >&-")]
    [InlineData("", "version >&-")]
    public async Task An_output_that_cannot_be_written_ends_with_2(string input, string arguments)
    {
        (int exitCode, string _, string error) = await RunWithInputAsync(input, arguments);
        Assert.Contains("cannot write to standard output", error, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("internal error", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate -f <(cat) --overrides <(echo '{}')")]
    [InlineData("explain --all -f /dev/stdin")]
    [InlineData("generate -f - --config <(echo 'LOG_LEVEL: warn')")]
    public async Task A_pipe_may_be_named_in_the_place_of_a_file(string arguments)
    {
        (int exitCode, string output, string error) = await RunWithInputAsync("{kind: Service, apiVersion: v1, metadata: {name: a, namespace: b}, spec: {ports: [{port: 80}]}}", arguments);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(error.TrimEnd().Split('\n'), line => line.Length > 0 && !line.StartsWith("Based on ", StringComparison.Ordinal));
        Assert.NotEmpty(output);
    }

    [Theory]
    [InlineData("generate", "-f")]
    [InlineData("validate")]
    public async Task A_pipe_in_a_directory_is_named_and_not_waited_for(params string[] arguments)
    {
        using var folder = new PipeFolder();
        string pipe = folder.Make("a.yaml");
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], [.. arguments, folder.Path]);
        Assert.Equal((2, "", $"{pipe}: is a pipe, but a file is needed here\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Who_waits_for_a_pipe_may_press_Ctrl_C()
    {
        using var folder = new PipeFolder();
        string pipe = folder.Make("services.yaml");
        using Process process = BuiltProgram.Start([], "generate", "-f", pipe);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        // Opens once the process has, too, which then waits for what is not written.
        await using FileStream writer = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite), TestContext.Current.CancellationToken);
        await BuiltProgram.SignalAsync(process, "INT");
        await BuiltProgram.WaitAsync(process);
        Assert.Equal((130, ""), (process.ExitCode, await error));
    }

    /// <summary>Each would be read for ever.</summary>
    [Theory]
    [InlineData("generate -f /dev/zero", "/dev/zero: with it there are more than 256 MiB in all files together: read less at once")]
    [InlineData("generate -f - --overrides /dev/zero", "/dev/zero: with it there are more than 1 MiB: read less at once")]
    [InlineData("validate /dev/zero", "/dev/zero: with it there are more than 16 MiB in all files together: read less at once")]
    [InlineData("run --config /dev/zero", "it has more than 1 MiB")]
    [InlineData("explain --all --kubeconfig /dev/zero", "/dev/zero: it has more than 4 MiB")]
    [InlineData("sandbox --once --health-check-ca-file /dev/zero", "it has more than 1 MiB")]
    public async Task An_input_without_end_ends_with_2_and_names_the_bound(string arguments, string problem)
    {
        (int exitCode, string _, string error) = await RunWithInputAsync("{kind: List, items: []}", arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_of_overrides_without_one_is_told()
    {
        (int exitCode, string _, string error) = await RunWithInputAsync("{kind: List, items: []}", "generate -f - --overrides /");
        Assert.Equal((2, "/: there is no .yaml or .yml file in it\n"), (exitCode, error));
    }

    [Fact]
    public async Task A_file_of_something_else_is_told_by_the_kind_that_it_lacks()
    {
        (int exitCode, string _, string error) = await RunWithInputAsync("mine: {enabled: true}", "sandbox --once -f /dev/stdin");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("/dev/stdin:1:1: \"kind\" is missing: this is not a Kubernetes object", error);
    }

    [Fact]
    public async Task All_mistakes_in_the_settings_are_on_standard_error_at_once()
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(
            [("LOG_LEVEL", "loud"), ("HEALTH_CHECK_TIMEOUT", "5")], "--port", "x", "--config", "/no/such/file");

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        string[] lines = error.TrimEnd('\n').Split('\n');
        Assert.Equal(["CONFIG_FILE", "HEALTH_CHECK_TIMEOUT", "PORT", "LOG_LEVEL"], lines.Select(line => line[..line.IndexOf(':')]));
    }

    [Fact]
    public async Task The_configuration_in_use_is_printed_with_its_origin_and_without_secrets()
    {
        string file = Path.Combine(Path.GetTempPath(), $"settings-{Guid.NewGuid():n}.yaml");
        await File.WriteAllTextAsync(file, "RETRY_PERIOD: 1s\n", TestContext.Current.CancellationToken);
        (int exitCode, string output, _) = await BuiltProgram.RunAsync(
            [("HOLMES_RELOAD_API_KEY", "hunter2"), ("CONFIG_FILE", file)], "--port", "0", "--print-config", "-o", "json");
        File.Delete(file);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(output);
        var settings = document.RootElement.GetProperty("settings").EnumerateArray().ToDictionary(
            setting => setting.GetProperty("name").GetString()!,
            setting => $"{setting.GetProperty("value")}|{setting.GetProperty("source")}|{setting.GetProperty("place")}");
        Assert.Equal("0|flag|--port", settings["PORT"]);
        Assert.Equal($"1s|file|{file}:1:15", settings["RETRY_PERIOD"]);
        Assert.Equal("<redacted>|environment|environment", settings["HOLMES_RELOAD_API_KEY"]);
        Assert.Equal("5m|default|default", settings["DISCOVERY_INTERVAL"]);
    }

    [Fact]
    public async Task The_version_names_commit_and_runtime_for_machines_too()
    {
        (_, string output, _) = await BuiltProgram.RunAsync([], "version", "-o", "json");
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(["version", "commit", "runtime", "platform"], document.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Matches("^(unknown|[0-9a-f]{40})$", document.RootElement.GetProperty("commit").GetString());
    }

    [Fact]
    public async Task A_full_disk_is_no_success()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "dynamic-toolset");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "\"$0\" version > /dev/full", program]) { RedirectStandardError = true };
        using Process shell = Process.Start(start)!;
        string error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await BuiltProgram.WaitAsync(shell);
        Assert.Equal(2, shell.ExitCode);
        Assert.StartsWith("dynamic-toolset: cannot write to standard output: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_second_signal_ends_the_process_at_once(string signal, int exitCode)
    {
        using Process process = await StartReadingAsync("--config", "/dev/stdin");
        // Two signals that arrive together count as one: so more than two, but not for ever.
        for (int sent = 0; sent < 100 && !process.HasExited; sent++)
            await BuiltProgram.SignalAsync(process, signal);

        await BuiltProgram.WaitAsync(process);
        Assert.Equal(exitCode, process.ExitCode);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task The_first_signal_leaves_the_command_time_to_end(string signal, int killed)
    {
        using Process process = await StartReadingAsync("--config", "/dev/stdin");
        await BuiltProgram.SignalAsync(process, signal);
        await process.StandardInput.WriteAsync("PORT: wrong\n");
        process.StandardInput.Close();

        await BuiltProgram.WaitAsync(process);
        Assert.NotEqual(killed, process.ExitCode);
        Assert.Equal(2, process.ExitCode);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task One_signal_ends_the_wait_for_standard_input(string signal, int exitCode)
    {
        using Process process = await StartReadingAsync("generate", "-f", "-");
        await BuiltProgram.SignalAsync(process, signal);
        await BuiltProgram.WaitAsync(process);
        Assert.Equal(exitCode, process.ExitCode);
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("explain", "--all")]
    public async Task Without_a_cluster_a_command_that_reads_manifests_says_how(params string[] arguments)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([("HOME", "/nonexistent")], arguments);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.EndsWith("; or read Services from manifests with -f\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_with_the_setting_to_change()
    {
        using var folder = new TestFolder();
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        string port = $"{((IPEndPoint)taken.LocalEndpoint).Port}";
        string kubeconfig = folder.Write(
            "config",
            "{current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}], clusters: [{name: a, cluster: {server: 'http://127.0.0.1:1'}}], users: [{name: a, user: {}}]}");
        (int exitCode, string _, string error) = await BuiltProgram.RunAsync([("KUBECONFIG", kubeconfig)], "run", "--port", "0", "--metrics-port", port);
        Assert.Equal(2, exitCode);
        Assert.EndsWith($" PORT is 0 and METRICS_PORT {port}: choose another one, or 0 for any that is free\n", error, StringComparison.Ordinal);
        (exitCode, string _, error) = await BuiltProgram.RunAsync([], "sandbox", "--once", "--port", port);
        Assert.Equal(2, exitCode);
        Assert.EndsWith(" Choose another port with --port\n", error, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Error)> RunWithInputAsync(string input, string arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "dynamic-toolset");
        return BuiltProgram.RunAsync("/bin/bash", [], ["-c", $"echo '{input}' | '{program}' {arguments}"]);
    }

    /// <summary>A process that waits for the rest of its input, past the point where it listens to signals.</summary>
    private static async Task<Process> StartReadingAsync(params string[] arguments)
    {
        Process process = BuiltProgram.Start([], arguments);

        // More than a pipe holds: once it is all written, the process is reading.
        await process.StandardInput.WriteAsync(string.Concat(Enumerable.Repeat("# a comment\n", 50_000)));
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        return process;
    }
}
