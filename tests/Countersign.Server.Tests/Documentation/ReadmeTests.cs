using System.Text.RegularExpressions;
using Countersign.AspNetCore.Settings;
using Countersign.Server.Configuration;

namespace Countersign.Server.Tests.Documentation;

public sealed partial class ReadmeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static string Readme => File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ConfigurationTable_HasEverySetting()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        Assert.All(ServerOptions.Known.All, setting => Assert.Contains($"| `{setting}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void RenamedSettings_Table_HasThemAll()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        Assert.Equal(
            RenamedSettings.All.Select(static renamed => $"| `{renamed.Key}` | `{renamed.Value}` |"),
            page.Split('\n').SkipWhile(static line => line != "## Renamed settings").Where(static line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    /// <summary>The sample is compiled and run by tests, so what is printed word for word works.</summary>
    [Fact]
    public void Library_Block_IsTheSample() => Assert.Contains(
        $"```csharp\n{File.ReadAllText(Path.Combine(Repository.Root, "samples", "QuickStart", "Program.cs"))}```\n", Readme, StringComparison.Ordinal);

    [Fact]
    public void GuideToExtraFields_Block_IsTheSample() => Assert.Contains(
        $"```csharp\n{File.ReadAllText(Path.Combine(Repository.Root, "samples", "ExtraFields", "Program.cs"))}```\n",
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "guides", "extra-fields-and-hooks.md")),
        StringComparison.Ordinal);

    [Fact]
    public void Readme_IsShort() => Assert.InRange(Readme.Count(static character => character == '\n'), 1, 200);

    [Fact]
    public async Task FirstSession_WordForWord_Works()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed.");
        var script = FirstSession().Match(Readme).Groups["script"].Value;
        Assert.Contains("http://127.0.0.1:5080", script, StringComparison.Ordinal);
        await using var server = await ServerProcess.StartAsync(_directory.Path);

        var output = await RunAsync(script.Replace("http://127.0.0.1:5080", server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Contains("\"email\":\"ada@example.com\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"email\":\"ada@example.com\"", lines[1], StringComparison.Ordinal);
        Assert.Equal("logout: 204", lines[2]);
        Assert.Contains("\"code\":\"session_revoked\"", lines[3], StringComparison.Ordinal);
    }

    /// <summary>The sample is compiled and run by tests, so what is printed word for word works.</summary>
    [Theory]
    [InlineData("README.md", "ResourceApi")]
    [InlineData("docs/resource-servers.md", "ResourceApi")]
    [InlineData("docs/guides/a-second-service.md", "ResourceApi")]
    [InlineData("docs/guides/a-second-service.md", "JwtBearerApi")]
    public void ResourceServer_Block_IsTheSample(string page, string sample) =>
        Assert.Contains(
            $"```csharp\n{File.ReadAllText(Path.Combine(Repository.Root, "samples", sample, "Program.cs"))}```\n",
            File.ReadAllText(Path.Combine(Repository.Root, page)),
            StringComparison.Ordinal);

    private static async Task<string> RunAsync(string script)
    {
        var (exitCode, output, error) = await new ProcessCommand(["bash", "-euo", "pipefail", "-c", script]).RunAsync(patience: Patience.Limit);
        Assert.True(exitCode == 0, error);
        return output;
    }

    [GeneratedRegex("## A first session.*?```sh\n(?<script>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstSession();
}
