namespace Countersign.AspNetCore;

/// <summary>How the connection to the SMTP server is protected.</summary>
public enum MailSecurity
{
    /// <summary>The connection begins without TLS and must change to TLS before anything else is sent (STARTTLS, RFC 3207). The usual port is 587.</summary>
    StartTls,

    /// <summary>The connection begins with TLS (RFC 8314 §3.3). The usual port is 465.</summary>
    Tls,

    /// <summary>Nothing is protected. Allowed only if the host is <c>localhost</c> or a loopback address.</summary>
    None,
}
