using System.Text.Json;

namespace Countersign.OpenApi.Tests;

/// <summary>The document that a build writes of an app without settings and without a database (<c>tests/Countersign.OpenApi.BuildTime</c>).</summary>
public sealed class BuildTimeTests
{
    [Fact]
    public async Task Document_OfABuild_HasOurRoutesAndTheSecurityOfTheApps()
    {
        var file = Path.Combine(AppContext.BaseDirectory.Replace("Countersign.OpenApi.Tests", "Countersign.OpenApi.BuildTime", StringComparison.Ordinal),
            "Countersign.OpenApi.BuildTime.json");
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        var root = document.RootElement;
        Assert.True(root.GetProperty("paths").TryGetProperty("/api/v1/auth/login", out _));
        Assert.Equal(2, root.GetProperty("paths").GetProperty("/mine").GetProperty("get").GetProperty("security").GetArrayLength());
        Assert.True(root.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("passwordFlow", out _));
    }
}
