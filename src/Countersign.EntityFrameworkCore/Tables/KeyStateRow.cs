namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>
/// The only row of the keys' state. Every change of the keys raises its version. Its mode is 0 before the first start, then a
/// <see cref="Sessions.SigningMode"/>.
/// </summary>
internal class KeyStateRow
{
    public virtual int Id { get; set; }

    public virtual long Version { get; set; }

    public virtual int Mode { get; set; }
}
