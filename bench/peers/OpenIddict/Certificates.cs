using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Peers.OpenIddictServer;

/// <summary>The two RSA certificates that OpenIddict's documentation recommends for production, in files that the nodes share.</summary>
internal static class Certificates
{
    public static X509Certificate2 LoadOrMake(string folder, string name, X509KeyUsageFlags usage)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, name + ".pfx");
        if (!File.Exists(file))
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
            var now = TimeProvider.System.GetUtcNow();
            using var made = request.CreateSelfSigned(now.AddDays(-30), now.AddYears(2));
            File.WriteAllBytes(file, made.Export(X509ContentType.Pfx, string.Empty));
        }

        return X509CertificateLoader.LoadPkcs12FromFile(file, string.Empty);
    }
}
