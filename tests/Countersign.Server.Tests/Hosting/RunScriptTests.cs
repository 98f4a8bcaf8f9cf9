namespace Countersign.Server.Tests.Hosting;

/// <summary>What <c>./run</c> hands to the server: a program that stands in for the SDK writes it down.</summary>
public sealed class RunScriptTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>
    /// The documentation page only where nothing is configured that other machines could be served by, so that <c>/docs</c> is there as the README says.
    /// </summary>
    [Theory]
    [InlineData("", "", "true")]
    [InlineData("serve", "", "true")]
    [InlineData("--environment Staging", "", "true")]
    [InlineData("--urls http://127.0.0.1:5081", "", null)]
    [InlineData("serve --urls=http://0.0.0.0:80", "", null)]
    [InlineData("users list", "", null)]
    [InlineData("", "ASPNETCORE_URLS=http://0.0.0.0:80", null)]
    [InlineData("", "Auth__Issuer=https://auth.example.com", null)]
    [InlineData("", "Auth__TrustedProxies__0=127.0.0.1", null)]
    [InlineData("", "URLS=http://0.0.0.0:80", null)]
    [InlineData("", "DOTNET_HTTP_PORTS=8080", null)]
    [InlineData("", "Kestrel__Endpoints__Https__Url=https://*:443", null)]
    public async Task Run_OnTheDefaultAddressAlone_ShowsTheDocumentationPage(string arguments, string variable, string? docs)
    {
        const string Text = "#!/bin/sh\ncase $1 in --list-sdks) echo 10.0.100 ;; build) ;; *) echo \"docs=$DOTNET_Auth__Docs\" ;; esac\n";
        await File.WriteAllTextAsync(_directory.File("dotnet"), Text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory.File("dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = $"{_directory.Path}:{Environment.GetEnvironmentVariable("PATH")}",
        };
        if (variable.Split('=', 2) is [var name, var value])
        {
            environment[name] = value;
        }

        string[] line = [Path.Combine(Repository.Root, "run"), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var (_, output, _) = await new ProcessCommand(line) { Environment = environment }.RunAsync(patience: Patience.Limit);

        Assert.Equal($"docs={docs}\n", output);
    }
}
