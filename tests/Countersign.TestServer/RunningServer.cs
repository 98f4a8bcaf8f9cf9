using MimeKit;

namespace Countersign.TestServer;

/// <summary>A server in a process of its own, which the tests of a class share: cheap hashes, no limit on what one address may ask for.</summary>
public class RunningServer : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private ServerProcess? _process;

    /// <summary>The server's database file.</summary>
    public string Database => Path.Combine(DataDirectory, "countersign.db");

    /// <summary>Where the server keeps what it keeps.</summary>
    public string DataDirectory => _directory.File("data");

    /// <summary>Where the server writes its mails, relative to its working directory.</summary>
    public static string MailFolder => "mail";

    /// <summary>Where the server listens.</summary>
    public Uri Address => Process.Address;

    private ServerProcess Process => _process ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>What the server is configured with.</summary>
    protected virtual IReadOnlyDictionary<string, string> Environment { get; } = Settings();

    public virtual async ValueTask InitializeAsync() => _process = await ServerProcess.StartAsync(_directory.Path, Environment);

    /// <summary>Ends the server, and looks for secrets and failures in everything that it leaves behind.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            if (_process is null)
            {
                return;
            }

            await using (_process)
            {
                var log = await _process.StopAsync();
                var faults = ServerTraces.FindFaults(
                    _directory.Path, $"{string.Join('\n', _process.Lines.Skip(_process.AnnouncedLines))}\n{log.Log}", IsExpectedFailure);
                Assert.True(log.ExitCode == 0, $"The server of {GetType().Name} ended with {log.ExitCode}.");
                Assert.True(faults.Count == 0, $"The server of {GetType().Name} left behind:\n{string.Join('\n', faults)}");
            }
        }
        finally
        {
            _directory.Dispose();
        }
    }

    /// <summary>Whether a line of the log that tells of a failure belongs to what the tests of the class did.</summary>
    protected virtual bool IsExpectedFailure(string line) => false;

    /// <summary>Waits for the newest mail to an address with a subject.</summary>
    internal async Task<MimeMessage> MailAsync(string to, string subject)
    {
        MimeMessage? found = null;
        await Patience.UntilAsync(() =>
        {
            var folder = _directory.File(MailFolder);
            found = !Directory.Exists(folder) ? null : Directory.GetFiles(folder).OrderDescending(StringComparer.Ordinal).Select(TryLoad)
                .FirstOrDefault(mail => mail is not null
                    && mail.To.Mailboxes.Single().Address == to && mail.Subject!.Contains(subject, StringComparison.Ordinal));
            return found is not null;
        });
        return found!;
    }

    /// <summary>A file that is still being written is read again.</summary>
    private static MimeMessage? TryLoad(string file)
    {
        try
        {
            var mail = MimeMessage.Load(file);
            return mail.TextBody is null || mail.HtmlBody?.Contains("</html>", StringComparison.Ordinal) is not true ? null : mail;
        }
        catch (Exception exception) when (exception is FormatException or IOException)
        {
            return null;
        }
    }

    /// <summary>Waits for the newest mail to an address with a subject, and reads the token of its link.</summary>
    internal async Task<string> MailTokenAsync(string to, string subject) => (await MailAsync(to, subject)).TextBody!
        .Split('\n').Single(static line => line.Contains("#token=", StringComparison.Ordinal)).Split("#token=")[1].Trim();

    /// <summary>A client of the server's routes.</summary>
    internal ApiClient Client() => new(Address);

    /// <summary>A client with an account and a session of its own.</summary>
    internal async Task<ApiClient> LoggedInAsync()
    {
        var client = Client();
        await client.RegisterAsync();
        await client.LogInAsync();
        return client;
    }

    /// <summary>Runs a command of the server beside it.</summary>
    internal async Task CommandAsync(params string[] arguments)
    {
        var (exitCode, _, error) = await RunCommandAsync(arguments);
        Assert.True(exitCode == 0, error);
    }

    /// <summary>Runs a command of the server beside it, however it ends.</summary>
    internal Task<(int ExitCode, string Output, string Error)> RunCommandAsync(params string[] arguments) =>
        ServerProcess.RunAsync(_directory.Path, arguments, environment: Environment);

    /// <summary>The common settings, and more.</summary>
    protected static IReadOnlyDictionary<string, string> Settings(params ReadOnlySpan<(string Name, string Value)> more)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // All that a log can hold, and however the framework's part of it is asked for: nothing of it may be a secret.
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft"] = "Trace",
            ["Logging__Console__LogLevel__Default"] = "Trace",
            ["Logging__Console__LogLevel__Microsoft.AspNetCore"] = "Trace",
            ["Logging__Console__LogLevel__Microsoft.EntityFrameworkCore"] = "Trace",
            ["Logging__Console__LogLevel__*.AspNetCore.Hosting"] = "Trace",

            ["Auth__Docs"] = "true",
            ["Auth__Mail__Folder"] = MailFolder,
            ["Auth__Passwords__Cost"] = "10",
            ["Auth__Passwords__MaxNetworkShare"] = "1",
            ["Auth__Passwords__QueueLimit"] = "00:00:30",
            ["Auth__Passwords__QueueTimeout"] = "00:00:30",
            ["Auth__Limits__SignInsPerNetworkPerMinute"] = "100000",
            ["Auth__Limits__RegistrationsPerNetworkPerMinute"] = "100000",
            ["Auth__Limits__RefreshesPerNetworkPerMinute"] = "10000000",
            ["Auth__Limits__ClientFailuresPerNetworkPerMinute"] = "100000",
            ["Auth__Limits__ClientFailuresPerClientPerMinute"] = "100000",
            ["Auth__Limits__AccountRequestsPerSessionPerMinute"] = "100000",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }
}
