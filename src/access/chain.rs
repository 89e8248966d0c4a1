//! The chain of the audit log: each entry holds the hash of the one before, and checkpoints are signed now and then, so that
//! nothing in it can be changed, taken out, put in or moved, and the end cannot be cut off before the last checkpoint,
//! without being found.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::record::closed_list;

mod verify;

pub use verify::{ChainFinding, FindingKind, Verifier};

closed_list! {
    /// What was done.
    Action {
        /// 登录
        SignIn = "sign_in", "登录", "Sign in", [];
        /// 退出
        SignOut = "sign_out", "退出", "Sign out", [];
        /// 修改口令
        ChangePassword = "change_password", "修改口令", "Change of password", [];
        /// 检索
        Search = "search", "检索", "Search", [];
        /// 输入提示
        Suggest = "suggest", "输入提示", "Suggestions", [];
        /// 查看案卷
        ViewCase = "view_case", "查看案卷", "Look at a case", [];
        /// 查看页面
        ViewPage = "view_page", "查看页面", "Look at a page", [];
        /// 查看图像
        ViewImage = "view_image", "查看图像", "Look at an image", [];
        /// 取用原件
        ViewOriginal = "view_original", "取用原件", "Original file", [];
        /// 上传
        Upload = "upload", "上传", "Upload", [];
        /// 查看更正记录
        ViewCorrections = "view_corrections", "查看更正记录", "Look at corrections", [];
        /// 更正
        Correct = "correct", "更正", "Correction", [];
        /// 撤销更正
        Undo = "undo", "撤销更正", "Undoing of a correction", [];
        /// 查看复核清单
        Review = "review", "查看复核清单", "Look at the review queue", [];
        /// 统计
        Statistics = "statistics", "统计", "Statistics", [];
        /// 导出
        Export = "export", "导出", "Export", [];
        /// 查看核查发现
        Findings = "findings", "查看核查发现", "Look at findings", [];
        /// 处置核查发现
        DecideFinding = "decide_finding", "处置核查发现", "Decision on a finding", [];
        /// 抽样
        Sample = "sample", "抽样", "Sample of cases", [];
        /// 结果集
        ResultSet = "result_set", "结果集", "Kept result", [];
        /// 查看完整个人信息
        Unmask = "unmask", "查看完整个人信息", "Unmasking", [];
        /// 账户管理
        Account = "account", "账户管理", "Administration of accounts", [];
        /// 授权
        Grant = "grant", "授权", "Granting", [];
        /// 令牌管理
        Token = "token", "令牌管理", "Administration of tokens", [];
        /// 查看审计日志
        ReadAudit = "read_audit", "查看审计日志", "Look at the audit log", [];
        /// 查询码管理
        AccessCode = "access_code", "查询码管理", "Administration of access codes", [];
        /// 查看本人档案目录
        OwnCases = "own_cases", "查看本人档案目录", "Look at the own history", [];
        /// 查看查阅记录
        OwnAccesses = "own_accesses", "查看查阅记录", "Look at who looked", [];
        /// 出具核验副本
        CertifiedCopy = "certified_copy", "出具核验副本", "Certified copy", [];
        /// 核验副本
        VerifyCopy = "verify_copy", "核验副本", "Verification of a copy", [];
        /// 密钥管理
        Keys = "keys", "密钥管理", "Administration of keys", [];
        /// 备份与恢复
        Backup = "backup", "备份与恢复", "Backup and restore", [];
        /// 四性检测
        Verify = "verify", "四性检测", "Check of the four properties", [];
        /// 查看运行状况
        Operate = "operate", "查看运行状况", "Look at the service", [];
    }
}

closed_list! {
    /// How it ended.
    Outcome {
        /// 完成
        Done = "done", "完成", "Done", [];
        /// 拒绝
        Refused = "refused", "拒绝", "Refused", [];
        /// 失败
        Failed = "failed", "失败", "Failed", [];
    }
}

closed_list! {
    /// The hash function of the chain.
    ChainHash {
        /// SHA-256
        Sha256 = "sha256", "SHA-256", "SHA-256 (FIPS 180-4)", [];
        /// SM3
        Sm3 = "sm3", "SM3", "SM3 (GB/T 32905-2016)", [];
    }
}

/// What is said about one thing that was done. It never holds a personal number, and no text of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Who: the name of an account, `local:` and a user of the machine, or `-` when nobody knows.
    pub actor: String,
    /// Code of the role.
    pub role: Option<String>,
    /// What.
    pub action: Action,
    /// How it ended.
    pub outcome: Outcome,
    /// Public identifier of the case.
    pub case_id: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// Identifies the request in answers and in the running log.
    pub request_id: Option<String>,
    /// Where from: an address of the network.
    pub address: Option<String>,
    /// What else there is to say, as JSON.
    pub details: String,
}

/// An entry in its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedEntry {
    /// Place, from 1.
    pub sequence: u64,
    /// The hash function.
    pub hash_kind: ChainHash,
    /// What was done.
    pub entry: AuditEntry,
    /// Hash of the entry before; zeros for the first.
    pub previous: [u8; 32],
    /// Hash of all of the above.
    pub hash: [u8; 32],
}

impl AuditEntry {
    /// Puts the entry behind another.
    pub fn seal(self, hash_kind: ChainHash, sequence: u64, previous: [u8; 32]) -> SealedEntry {
        let mut sealed = SealedEntry {
            sequence,
            hash_kind,
            entry: self,
            previous,
            hash: [0; 32],
        };
        sealed.hash = sealed.computed();
        sealed
    }
}

impl SealedEntry {
    /// What the hash must be.
    fn computed(&self) -> [u8; 32] {
        let bytes = self.bytes();
        match self.hash_kind {
            ChainHash::Sha256 => Sha256::digest(&bytes).into(),
            ChainHash::Sm3 => Sm3::digest(&bytes).into(),
        }
    }

    /// Everything but the hash. Each part goes with its length, so that no two entries have the same bytes; a part that
    /// is not there differs from an empty one.
    fn bytes(&self) -> Vec<u8> {
        let entry = &self.entry;
        let parts = [
            Some(self.hash_kind.code()),
            Some(entry.at.as_str()),
            Some(entry.actor.as_str()),
            entry.role.as_deref(),
            Some(entry.action.code()),
            Some(entry.outcome.code()),
            entry.case_id.as_deref(),
            entry.purpose.as_deref(),
            entry.request_id.as_deref(),
            entry.address.as_deref(),
            Some(entry.details.as_str()),
        ];
        let mut bytes = b"juanzong audit entry 1".to_vec();
        bytes.extend(self.previous);
        bytes.extend(self.sequence.to_be_bytes());
        for part in parts {
            match part {
                None => bytes.push(0),
                Some(text) => {
                    bytes.push(1);
                    bytes.extend((text.len() as u64).to_be_bytes());
                    bytes.extend(text.as_bytes());
                }
            }
        }
        bytes
    }
}

/// That the chain had this entry at this time, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The entry.
    pub sequence: u64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
    /// When it was signed (RFC 3339, UTC).
    pub at: String,
    /// The public key, in hexadecimal digits.
    pub key: String,
    /// The signature (Ed25519, RFC 8032), in hexadecimal digits.
    pub signature: String,
}

/// The key that signs checkpoints.
#[derive(Clone)]
pub struct CheckpointKey(SigningKey);

impl std::fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CheckpointKey({})", self.public())
    }
}

impl CheckpointKey {
    /// From its 32 bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// The public key, in hexadecimal digits.
    pub fn public(&self) -> String {
        hex::encode(self.0.verifying_key().as_bytes())
    }

    /// Signs that the chain has this entry.
    pub fn sign(&self, sequence: u64, hash: [u8; 32], at: String) -> Checkpoint {
        let mut checkpoint = Checkpoint {
            sequence,
            hash: hex::encode(hash),
            at,
            key: self.public(),
            signature: String::new(),
        };
        checkpoint.signature = hex::encode(self.0.sign(checkpoint.message().as_bytes()).to_bytes());
        checkpoint
    }
}

impl Checkpoint {
    /// What is signed.
    fn message(&self) -> String {
        format!(
            "juanzong audit checkpoint 1\n{}\n{}\n{}\n{}\n",
            self.sequence, self.hash, self.at, self.key
        )
    }

    /// Whether it is signed by one of these public keys.
    pub fn is_signed(&self, trusted: &[String]) -> bool {
        let signed = || {
            let key: [u8; 32] = hex::decode(&self.key).ok()?.try_into().ok()?;
            let signature: [u8; 64] = hex::decode(&self.signature).ok()?.try_into().ok()?;
            let key = VerifyingKey::from_bytes(&key).ok()?;
            key.verify_strict(self.message().as_bytes(), &Signature::from_bytes(&signature))
                .ok()
        };
        trusted.contains(&self.key) && signed().is_some()
    }
}

#[cfg(test)]
mod tests;
