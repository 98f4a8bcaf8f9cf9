using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

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
            && services.GetRequiredService<IOptionsMonitor<CountersignTokenOptions>>().CurrentValue.SecretKey is null)
        {
            options.MasterKey = ReadOrMake(Path.Combine(environment.ContentRootPath, FileName));
        }
    }

    private static string ReadOrMake(string path)
    {
        FileOnce.Make(path, MasterKey.Create);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (PrivateFile.FindFault(stream.SafeFileHandle, path, takesGroup: false) is { } fault)
        {
            throw new OptionsValidationException(string.Empty, typeof(KeyOptions), [$"The master key of Development {fault.Problem}. {fault.Remedy}"]);
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }
}
