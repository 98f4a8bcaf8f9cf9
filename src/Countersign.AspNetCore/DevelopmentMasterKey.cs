using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TokenOptions = Countersign.Sessions.TokenOptions;

namespace Countersign.AspNetCore;

/// <summary>
/// In Development, and nowhere else, an app without a master key gets one at its first start, in a file of its content root that only its owner can read. So
/// the first run needs no secret, and the next one can read what the first has encrypted.
/// </summary>
internal sealed class DevelopmentMasterKey(IServiceProvider services) : IPostConfigureOptions<KeyOptions>
{
    /// <summary>The file's name; it belongs into no repository.</summary>
    public const string FileName = "countersign.master-key";

    /// <inheritdoc/>
    public void PostConfigure(string? name, KeyOptions options)
    {
        if (options.MasterKey is null
            && services.GetService<IHostEnvironment>() is { } environment
            && environment.IsDevelopment()
            && services.GetRequiredService<IOptionsMonitor<TokenOptions>>().CurrentValue.SecretKey is null)
        {
            options.MasterKey = ReadOrMake(Path.Combine(environment.ContentRootPath, FileName));
        }
    }

    private static string ReadOrMake(string path)
    {
        if (!File.Exists(path))
        {
            Make(path);
        }

        return File.ReadAllText(path).Trim();
    }

    /// <summary>Written beside and moved, so that another process never reads half a key; of two that make one, the first stays.</summary>
    private static void Make(string path)
    {
        var settings = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var draft = $"{path}.{Guid.CreateVersion7()}";
        using (var writer = new StreamWriter(draft, settings))
        {
            writer.Write(MasterKey.Create());
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
