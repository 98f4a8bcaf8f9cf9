using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore;

/// <summary>
/// Makes a master key at the first start of an app without one, in Development only. The key is in a file in the content root that only its owner can read. So
/// the first run needs no secret, and the next run can read what the first one encrypted.
/// </summary>
internal sealed class DevelopmentMasterKey(IServiceProvider services) : IPostConfigureOptions<KeyOptions>
{
    /// <summary>The file's name. The file must not be committed to a repository.</summary>
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
