using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore;

/// <summary>
/// Makes a master key at the first start of an app without one, in Development only. The key is in a file that only its owner can read, in a folder of the user
/// that is named after the application, as user secrets are. So the first run needs no secret, the next run can read what the first one encrypted, and no key
/// gets into the app's repository.
/// </summary>
internal sealed class DevelopmentMasterKey(IServiceProvider services) : IPostConfigureOptions<KeyOptions>
{
    private const string FileName = "master-key";

    /// <summary>The characters that no file system of the platforms takes in a name, and those that lead to another folder.</summary>
    private static readonly char[] Unusable = [.. Path.GetInvalidFileNameChars(), '/', '\\', ':'];

    /// <inheritdoc/>
    public void PostConfigure(string? name, KeyOptions options)
    {
        if (options.MasterKey is null
            && services.GetService<IHostEnvironment>() is { } environment
            && environment.IsDevelopment()
            && services.GetRequiredService<IOptionsMonitor<CountersignTokenOptions>>().CurrentValue.SecretKey is null)
        {
            options.MasterKey = FindFile(environment.ApplicationName) is { } file ? ReadOrMake(file) : null;
        }
    }

    /// <summary>The file of an application: in <c>%LOCALAPPDATA%\Countersign</c>, or <c>~/.local/share/Countersign</c> (<c>XDG_DATA_HOME</c>).</summary>
    /// <returns>Null if the user has no such folder, as in many containers. Then the check of the options says that the setting is missing.</returns>
    public static string? FindFile(string applicationName)
    {
        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var folder = string.Join('_', applicationName.Split(Unusable)).Trim('.', ' ');
        return root.Length == 0 ? null : Path.Combine(root, "Countersign", folder.Length == 0 ? "app" : folder, FileName);
    }

    private static string ReadOrMake(string path)
    {
        try
        {
            return ReadOrMakeFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(
                string.Empty,
                typeof(KeyOptions),
                [$"The master key of Development can't be kept in {path} ({exception.Message}). Make the folder writable, or set Auth:MasterKey."]);
        }
    }

    private static string ReadOrMakeFile(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

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
