using System.Reflection;
using Countersign.Harness;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Aot.Tests;

/// <summary>The package in an app that is compiled ahead of time, every warning of trimming and compiling an error.</summary>
public sealed class NativeAppTests
{
    [Fact]
    [Trait(Suite.Name, Suite.All)]
    public async Task Publish_AppOverAllAlgorithms_CompilesWithoutWarningAndRuns()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-aot-");
        try
        {
            await NativeApp.PublishAsync("Countersign.Tokens.Aot", folder.FullName);

            var (ran, output, error) = await new ProcessCommand([Path.Combine(folder.FullName, "Countersign.Tokens.Aot")])
                .RunAsync(patience: Patience.Limit, cancellationToken: TestContext.Current.CancellationToken);

            var lines = output + error;
            Assert.True(ran == 0, lines);
            Assert.Equal(SignatureAlgorithm.All.Select(algorithm => $"{algorithm.Name} ok"), lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Package_IsMarkedAsTrimmableAndCompatible()
    {
        var marks = typeof(TokenValidator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .ToDictionary(mark => mark.Key, mark => mark.Value, StringComparer.Ordinal);

        Assert.Equal("True", marks["IsTrimmable"]);
        Assert.Equal("True", marks["IsAotCompatible"]);
    }
}
