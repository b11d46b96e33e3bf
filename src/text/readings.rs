//! Every reading of a character that is in use today.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::LazyLock};

use pinyin::ToPinyinMulti;

use super::Syllable;

/// Han characters of the basic plane, 〇 included. What lies beyond it is not written by recognisers.
const HAN: RangeInclusive<char> = '\u{3007}'..='\u{FAFF}';

/// The readings that a character has today beside its commonest one.
///
/// The tables of the `pinyin` crate hold whatever a dictionary of any age gives (位 is also li, 女 also ru, 逾 also
/// dou): matching by those would find words that nobody said. Of a character's further readings only these are taken.
const IN_USE: &str = "
    么yao 乐yue 乘sheng 了liao 亲qing 什shi 仇qiu 价jie 会kuai 传zhuan 伯bai 伺si 似si 侧zhai 便pian
    俩liang 六lu 刨bao 券xuan 刹cha 削xiao 剥bao 劲jing 勒le 匙chi 区ou 单shan,chan 卡qia 厦xia 参shen,cen
    叨tao 叶xie 吁yu 合ge 吓he 否pi 吭hang 员yun 呢ni 咋zha,ze 和huo,hu 咖ga 咳hai 咽ye 哪nei 喔wo 嗨hei 嚼jiao
    囤tun 圈juan 地de 埋man 堡bu,pu 塞se 壳qiao 大dai 奇ji 娜nuo 宿xiu 尉yu 尾yi 尿sui 屏bing 属zhu
    差chai,ci 巷hang 幢zhuang 度duo 弄long 弟ti 弹tan 强jiang 得dei 恶wu 扁pian 扒pa 扛gang 折she 抹ma
    拓ta 择zhai 拽ye 提di 数shuo 暴pu 曾zeng 朝zhao 期ji 朴piao,po 杉sha 柏bo 查zha 栖xi 校jiao 核hu 模mu
    殖shi 殷yan 氏zhi 氓meng 汤shang 沓ta 没mo 泊bo 泌bi 洗xian 澄deng 瀑bao 炮bao 烙luo 熟shou 熨yu
    爪zhua 率shuai 琢zhuo 畜xu 番pan 疟yao 的di 盛cheng 省xing 着zhao,zhuo 石dan 禅shan 种chong 秘bi
    称chen 稽qi 粘nian 糜mei 系ji 纤qian 约yao 给ji 络lao 绿lu 缉qi 缪miu 胖pan 脉mo 脯fu 臭xiu 色shai
    艾yi 茄qie 落la,lao 蔓wan 薄bo 藏zang 虹jiang 虾ha 蚌beng 血xie 行hang,heng 褪tun 见xian 觉jiao 角jue
    解xie 识zhi 说shui 谁shei 调tiao 谷yu 蹊xi 车ju 轧zha,ga 转zhuai 辟bi 还huan 这zhei 迫pai 遗wei 那nei
    都du 重chong 长chang 阿e 陆liu 降xiang 露lou 颈geng 食si 驮duo 龟jun,qiu
";

/// Readings of all of [`HAN`], one after the other, and where each character's begin.
struct Table {
    starts: Vec<u32>,
    syllables: Vec<Syllable>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Self {
        let in_use = in_use();
        let mut table = Self { starts: vec![0], syllables: Vec::new() };
        for char in HAN {
            table.push(char, in_use.get(&char).map_or(&[], Vec::as_slice));
        }
        table
    }

    /// Appends the first reading of a character, and the further ones that are in use.
    fn push(&mut self, char: char, in_use: &[&str]) {
        let before = self.syllables.len();
        let known = char.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain).enumerate();
        for (_, pinyin) in known.filter(|(rank, pinyin)| *rank == 0 || in_use.contains(pinyin)) {
            let syllable = Syllable::parse(pinyin);
            self.syllables.extend(syllable.filter(|syllable| !self.syllables[before..].contains(syllable)));
        }
        self.starts.push(self.syllables.len() as u32);
    }

    fn get(&self, char: char) -> Option<&[Syllable]> {
        let index = (char as usize).checked_sub(*HAN.start() as usize)?;
        let (start, end) = (*self.starts.get(index)?, *self.starts.get(index + 1)?);
        self.syllables.get(start as usize..end as usize)
    }
}

/// [`IN_USE`] by character.
fn in_use() -> BTreeMap<char, Vec<&'static str>> {
    let mut further: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for entry in IN_USE.split_whitespace() {
        let mut chars = entry.chars();
        if let Some(char) = chars.next() {
            further.entry(char).or_default().extend(chars.as_str().split(','));
        }
    }
    further
}

/// Every toneless reading of a character that is in use today, the commonest first; empty for what is not Han.
#[must_use]
pub fn readings(char: char) -> &'static [Syllable] {
    TABLE.get(char).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(char: char) -> Vec<&'static str> {
        char.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain).collect()
    }

    #[test]
    fn the_commonest_comes_first_and_rare_ones_are_left_out() {
        for (char, expected) in [
            ('钱', "[qian]"),
            ('还', "[hai, huan]"),
            ('行', "[xing, hang, heng]"),
            ('长', "[zhang, chang]"),
            ('会', "[hui, kuai]"),
            ('着', "[zhe, zhao, zhuo]"),
            ('率', "[lü, shuai]"),
            ('位', "[ui]"),
            ('女', "[nü]"),
            ('嗯', "[en]"),
            ('〇', "[ling]"),
        ] {
            let mut found = readings(char).to_vec();
            let first = found[0];
            found.sort_by_key(|syllable| (*syllable != first, !expected.contains(&format!("[{syllable}"))));
            assert_eq!(format!("{found:?}"), expected, "{char}");
        }
    }

    #[test]
    fn every_further_reading_is_known_and_adds_something() {
        for (char, further) in in_use() {
            for pinyin in further {
                let (first, known) = (spelled(char)[0], spelled(char));
                assert!(known.contains(&pinyin), "{char} has no reading {pinyin} among {known:?}");
                assert_ne!(first, pinyin, "{char} is read {pinyin} anyway");
            }
        }
    }

    #[test]
    fn what_is_not_han_has_none() {
        for char in ['a', '1', ' ', '，', 'あ', '\u{10FFFF}', '\0', '\u{FB00}'] {
            assert_eq!(readings(char), [], "{char}");
        }
    }
}
